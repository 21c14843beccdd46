#pragma once

#include "base/error.hpp"
#include "consul/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace labctl::agent {

// A Consul client that retries: while Consul does not answer, or has no leader, a call is repeated until its
// deadline; then the last error is thrown. "No key" is returned only by a Consul with a leader.
class PatientConsul {
public:
  explicit PatientConsul(http::Server server) : client_(std::move(server)) {}

  std::optional<consul::KeyValue> get(const std::string& key, Deadline deadline);
  consul::Indexed<std::optional<consul::KeyValue>> get(const std::string& key, consul::Blocking since,
                                                       Deadline deadline);
  std::vector<consul::KeyValue> list(const std::string& prefix, Deadline deadline);
  consul::Indexed<std::vector<consul::KeyValue>> list(const std::string& prefix, consul::Blocking since,
                                                      Deadline deadline);
  void put(const std::string& key, const std::string& value, Deadline deadline);
  void remove(const std::string& key, Deadline deadline);
  void remove_prefix(const std::string& prefix, Deadline deadline);
  std::vector<consul::Member> members(Deadline deadline);
  std::vector<consul::HealthCheck> node_checks(const std::string& node, Deadline deadline);
  void register_service(const std::string& body, Deadline deadline);
  void deregister_service(const std::string& id, Deadline deadline);

private:
  template <typename Call>
  auto patiently(Deadline deadline, Call call);

  consul::Client client_;
};

// True for temporary errors: no answer, no answer in time, no leader.
bool may_pass(const Error& error);

}  // namespace labctl::agent
