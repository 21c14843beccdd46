#include "agent/patient_consul.hpp"

#include "base/error.hpp"
#include "http/stop.hpp"

#include <spdlog/spdlog.h>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

// Consul sends no notification when it is available again, so it is polled.
constexpr auto retry_pause = 500ms;

}  // namespace

bool may_pass(const Error& error) {
  return error.kind() == Kind::unreachable || error.kind() == Kind::unavailable ||
         error.kind() == Kind::timeout;
}

template <typename Call>
auto PatientConsul::patiently(Deadline deadline, Call call) {
  for (bool told = false;; told = true) {
    try {
      return call();
    } catch (const Error& error) {
      if (!may_pass(error) || deadline.passed()) throw;
      if (!told) spdlog::warn("Consul is asked again: {}", error.line());
    }
    http::StopScope::pause(deadline.at_most(retry_pause).left());
  }
}

std::optional<consul::KeyValue> PatientConsul::get(const std::string& key, Deadline deadline) {
  return patiently(deadline, [&] { return client_.get(key, deadline); });
}

consul::Indexed<std::optional<consul::KeyValue>> PatientConsul::get(const std::string& key,
                                                                    consul::Blocking since,
                                                                    Deadline deadline) {
  return patiently(deadline, [&] { return client_.get(key, since, deadline); });
}

std::vector<consul::KeyValue> PatientConsul::list(const std::string& prefix, Deadline deadline) {
  return patiently(deadline, [&] { return client_.list(prefix, deadline); });
}

consul::Indexed<std::vector<consul::KeyValue>> PatientConsul::list(const std::string& prefix,
                                                                   consul::Blocking since,
                                                                   Deadline deadline) {
  return patiently(deadline, [&] { return client_.list(prefix, since, deadline); });
}

void PatientConsul::put(const std::string& key, const std::string& value, Deadline deadline) {
  patiently(deadline, [&] { client_.put(key, value, deadline); });
}

void PatientConsul::remove(const std::string& key, Deadline deadline) {
  patiently(deadline, [&] { client_.remove(key, deadline); });
}

void PatientConsul::remove_prefix(const std::string& prefix, Deadline deadline) {
  patiently(deadline, [&] { client_.remove_prefix(prefix, deadline); });
}

std::vector<consul::Member> PatientConsul::members(Deadline deadline) {
  return patiently(deadline, [&] { return client_.members(deadline); });
}

std::vector<consul::HealthCheck> PatientConsul::node_checks(const std::string& node, Deadline deadline) {
  return patiently(deadline, [&] { return client_.node_checks(node, deadline); });
}

void PatientConsul::register_service(const std::string& body, Deadline deadline) {
  patiently(deadline, [&] { client_.register_service(body, deadline); });
}

void PatientConsul::deregister_service(const std::string& id, Deadline deadline) {
  patiently(deadline, [&] { client_.deregister_service(id, deadline); });
}

}  // namespace labctl::agent
