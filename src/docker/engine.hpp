#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"
#include "http/upgraded.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace labctl::docker {

// One engine's HTTP API with its version in every path: 1.41 (Docker 20.10), or the engine's oldest where
// that is newer: such an engine refuses 1.41 with the version it wants, which is then used. It is not asked
// beforehand, as /version has the engine start three programs.
class Engine {
public:
  explicit Engine(http::Server server);

  const http::Server& server() const { return http_.server(); }

  // What the engine says of itself.
  nlohmann::json about(Deadline deadline);

  // A reply that is 2xx or 304 (already so); with `may_be_missing` also 404. All else is an error with
  // Docker's message: not_found, conflict, invalid (4xx) or unavailable (5xx).
  http::Response call(const std::string& method, const std::string& path, Deadline deadline,
                      const nlohmann::json& body = nullptr, bool may_be_missing = false);
  nlohmann::json get(const std::string& path, Deadline deadline);

  void stream(const std::string& method, const std::string& path, const nlohmann::json& body,
              const http::BodySink& sink, Deadline deadline, const http::HeadSink& on_head = {});

  // A connection on which the engine goes on with a stream both ways.
  http::Upgraded upgrade(const std::string& path, const nlohmann::json& body, Deadline deadline);

  // The id of a command that is ready to be started in a container.
  std::string make_exec(const std::string& container, const nlohmann::json& wish, Deadline deadline);

  nlohmann::json parse(const http::Response& response) const;

private:
  http::Request request(const std::string& method, const std::string& path, const nlohmann::json& body) const;
  // Whether the reply refuses our version; the one it names is used from now on.
  bool wants_newer(const http::Response& response);
  void check(const http::Response& response, bool may_be_missing) const;

  http::Client http_;
  std::string prefix_ = "/v1.41";
};

}  // namespace labctl::docker
