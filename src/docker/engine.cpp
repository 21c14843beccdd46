#include "docker/engine.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace labctl::docker {
namespace {

using nlohmann::json;

constexpr int preferred_minor = 41;  // of API 1.x; what Docker 20.10 speaks

// "1.44" -> 44; 0 if it does not read so.
int minor_of(const json& about, const char* key) {
  const auto text = about.value(key, std::string{});
  int minor = 0;
  if (text.starts_with("1.")) std::from_chars(text.data() + 2, text.data() + text.size(), minor);
  return minor;
}

std::string message_of(const http::Response& response) {
  const auto body = json::parse(response.body, nullptr, false);
  if (body.is_object()) {
    const auto message = body.value("message", std::string{});
    if (!message.empty()) return message;
  }
  const auto text = last_line(response.body);
  return text.empty() ? fmt::format("Docker answered {}", response.status) : text;
}

Kind kind_of(int status) {
  switch (status) {
    case 403:
      return Kind::refused;
    case 404:
      return Kind::not_found;
    case 409:
      return Kind::conflict;
    default:
      return status >= 500 ? Kind::unavailable : Kind::invalid;
  }
}

}  // namespace

Engine::Engine(http::Server server) : http_(std::move(server)) {}

const json& Engine::about(Deadline deadline) {
  if (about_.is_null()) {
    const auto response = http_.send({"GET", "/version", {}, {}}, deadline);
    check(response, false);
    auto about = parse(response);
    prefix_ = fmt::format("/v1.{}", std::max(preferred_minor, minor_of(about, "MinAPIVersion")));
    about_ = std::move(about);
  }
  return about_;
}

http::Response Engine::call(const std::string& method, const std::string& path, Deadline deadline,
                            const json& body, bool may_be_missing) {
  auto response = http_.send(request(method, path, body, deadline), deadline);
  check(response, may_be_missing);
  return response;
}

json Engine::get(const std::string& path, Deadline deadline) { return parse(call("GET", path, deadline)); }

void Engine::stream(const std::string& method, const std::string& path, const json& body,
                    const http::BodySink& sink, Deadline deadline, const http::HeadSink& on_head) {
  check(http_.stream(request(method, path, body, deadline), sink, deadline, on_head), false);
}

json Engine::parse(const http::Response& response) const {
  auto value = json::parse(response.body, nullptr, false);
  if (value.is_discarded()) throw Error(Kind::invalid, "the reply is not JSON", server().display());
  return value;
}

http::Request Engine::request(const std::string& method, const std::string& path, const json& body,
                              Deadline deadline) {
  about(deadline);
  http::Request request{method, prefix_ + path, {}, {}};
  if (!body.is_null()) {
    request.headers["Content-Type"] = "application/json";
    request.body = body.dump();
  }
  return request;
}

void Engine::check(const http::Response& response, bool may_be_missing) const {
  constexpr int already_so = 304;
  if (response.ok() || response.status == already_so) return;
  if (may_be_missing && response.status == 404) return;
  throw Error(kind_of(response.status), message_of(response), server().display());
}

}  // namespace labctl::docker
