#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"
#include "http/upgraded.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace labctl::docker {

// One engine's HTTP API with the version in every path: 1.41 (Docker 20.10), or the engine's minimum version
// if that is newer: such an engine rejects 1.41 and names its minimum, which is then used. The version is not
// queried first, because for /version the engine starts three programs.
class Engine {
public:
  explicit Engine(http::Server server);

  const http::Server& server() const { return http_.server(); }

  // The engine's answer to /version.
  nlohmann::json about(Deadline deadline);

  // Returns replies 2xx and 304 (no change needed); with `may_be_missing` also 404. Any other status is an
  // error with Docker's message: not_found, conflict, invalid (4xx) or unavailable (5xx).
  http::Response call(const std::string& method, const std::string& path, Deadline deadline,
                      const nlohmann::json& body = nullptr, bool may_be_missing = false);
  nlohmann::json get(const std::string& path, Deadline deadline);

  void stream(const std::string& method, const std::string& path, const nlohmann::json& body,
              const http::BodySink& sink, Deadline deadline, const http::HeadSink& on_head = {});

  // A connection that the engine upgrades to a two-way stream.
  http::Upgraded upgrade(const std::string& path, const nlohmann::json& body, Deadline deadline);

  // Creates an exec in a container and returns its id.
  std::string make_exec(const std::string& container, const nlohmann::json& wish, Deadline deadline);

  nlohmann::json parse(const http::Response& response) const;

private:
  http::Request request(const std::string& method, const std::string& path, const nlohmann::json& body) const;
  // True if the reply rejects our version; then the version that it names is used from now on.
  bool wants_newer(const http::Response& response);
  void check(const http::Response& response, bool may_be_missing) const;

  http::Client http_;
  std::string prefix_ = "/v1.41";
};

}  // namespace labctl::docker
