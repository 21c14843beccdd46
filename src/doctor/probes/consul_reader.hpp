#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "http/client.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <utility>
#include <vector>

namespace labctl::doctor {

// An answer of Consul other than 200 and 404.
class ConsulRefusal : public Error {
public:
  ConsulRefusal(int status, const std::string& message) : Error(Kind::refused, message), status_(status) {}
  int status() const { return status_; }

private:
  int status_;
};

// Reads Consul's HTTP API (v1) and keeps the status of a refusal, which tells the doctor its cause. All reads
// have the same deadline. Throws ConsulRefusal, Error as http::Client does, or Error{invalid} for an answer
// that is not JSON.
class ConsulReader {
public:
  ConsulReader(const Endpoint& consul, Deadline deadline) : http_(consul), deadline_(deadline) {}

  // null for 404.
  nlohmann::json get(const std::string& path);
  // The keys below a prefix, with their values.
  std::vector<std::pair<std::string, std::string>> values(const std::string& prefix);

private:
  http::Client http_;
  Deadline deadline_;
};

}  // namespace labctl::doctor
