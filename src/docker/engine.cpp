#include "docker/engine.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace labctl::docker {
namespace {

using nlohmann::json;

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

json Engine::about(Deadline deadline) {
  const auto response = http_.send({"GET", "/version", {}, {}}, deadline);
  check(response, false);
  return parse(response);
}

http::Response Engine::call(const std::string& method, const std::string& path, Deadline deadline,
                            const json& body, bool may_be_missing) {
  auto response = http_.send(request(method, path, body), deadline);
  if (wants_newer(response)) response = http_.send(request(method, path, body), deadline);
  check(response, may_be_missing);
  return response;
}

json Engine::get(const std::string& path, Deadline deadline) { return parse(call("GET", path, deadline)); }

void Engine::stream(const std::string& method, const std::string& path, const json& body,
                    const http::BodySink& sink, Deadline deadline, const http::HeadSink& on_head) {
  auto response = http_.stream(request(method, path, body), sink, deadline, on_head);
  if (wants_newer(response)) response = http_.stream(request(method, path, body), sink, deadline, on_head);
  check(response, false);
}

http::Upgraded Engine::upgrade(const std::string& path, const json& body, Deadline deadline) {
  http::Upgraded stream(server(), request("POST", path, body), "tcp", deadline);
  if (stream.reply().status != 101) {
    check(stream.reply(), false);
    throw Error(Kind::invalid,
                fmt::format("the engine answered {} instead of a stream", stream.reply().status),
                server().display());
  }
  return stream;
}

std::string Engine::make_exec(const std::string& container, const json& wish, Deadline deadline) {
  const auto made = parse(call("POST", "/containers/" + http::escape(container) + "/exec", deadline, wish));
  const auto id = made.is_object() ? made.find("Id") : made.end();
  if (id == made.end() || !id->is_string())
    throw Error(Kind::invalid, "the reply to an exec has no id", server().display());
  return id->get<std::string>();
}

json Engine::parse(const http::Response& response) const {
  auto value = json::parse(response.body, nullptr, false);
  if (value.is_discarded()) throw Error(Kind::invalid, "the reply is not JSON", server().display());
  return value;
}

http::Request Engine::request(const std::string& method, const std::string& path, const json& body) const {
  http::Request request{method, prefix_ + path, {}, {}};
  if (!body.is_null()) {
    request.headers["Content-Type"] = "application/json";
    request.body = body.dump();
  }
  return request;
}

// "client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade ..." (moby,
// api/server/middleware/version.go).
bool Engine::wants_newer(const http::Response& response) {
  constexpr std::string_view words = "Minimum supported API version is ";
  if (response.status != 400) return false;
  const auto message = message_of(response);
  const auto found = message.find(words);
  if (found == std::string::npos) return false;
  const auto version = std::string_view(message).substr(found + words.size());
  const auto end = version.find_first_not_of("0123456789.");
  const auto prefix = fmt::format("/v{}", version.substr(0, end));
  return std::exchange(prefix_, prefix) != prefix;
}

void Engine::check(const http::Response& response, bool may_be_missing) const {
  constexpr int already_so = 304;
  if (response.ok() || response.status == already_so) return;
  if (may_be_missing && response.status == 404) return;
  throw Error(kind_of(response.status), message_of(response), server().display());
}

}  // namespace labctl::docker
