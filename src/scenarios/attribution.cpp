#include "scenarios/attribution.hpp"

#include <algorithm>

namespace labctl::scenarios {
namespace {

// Whether this is a host name that an engine gives: the first digits of the container's id. Any other host
// name comes from the compose file.
bool made_by_engine(const std::string& host_name) {
  constexpr std::size_t digits = 12;
  return host_name.size() == digits && host_name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// Whether this can be the host name of a service's container on the master.
bool goes_by(const observe::Observation& seen, const Placed& s, const std::string& service,
             const std::string& host_name) {
  if (!made_by_engine(host_name)) return true;
  const auto& all = seen.containers.at(s.master);
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.name == s.container(service) && one.id.starts_with(host_name);
  });
}

}  // namespace

bool from_app(const observe::Observation& seen, const Placed& s, const http::Response& reply) {
  return goes_by(seen, s, "anyblok", answered_by(reply));
}

std::map<std::string, std::string> await_ssh(Cluster& c, const Placed& s,
                                             const std::vector<std::string>& nodes,
                                             const std::string& command, const std::string& out,
                                             std::chrono::milliseconds budget) {
  std::map<std::string, std::string> wrong;
  const auto answers = ssh_everywhere(c, *s.ssh_key, nodes, "cat /etc/hostname && " + command, budget);
  for (const auto& [node, full] : answers) {
    auto answer = full;
    const auto line = answer.out.find('\n');
    const auto from = answer.out.substr(0, line);
    answer.out = line == std::string::npos ? "" : answer.out.substr(line + 1);
    const SshAnswer expected{SshAnswer::Outcome::ran, 0, out, ""};
    wrong[node] = answer == expected ? "" : answer.text();
    if (wrong[node].empty() && !goes_by(*s.seen, s, "anyblok_ssh", from))
      wrong[node] = "from container " + from + ", which is not " + s.container("anyblok_ssh");
  }
  return wrong;
}

}  // namespace labctl::scenarios
