#include "scenarios/closed.hpp"

#include "base/connect.hpp"
#include "scenarios/attribution.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

constexpr auto change_budget = 8s;
constexpr auto connect_budget = 2s;
// A proxy closes a port after a signal to its container, and the engine has an event for that signal. Between
// two attempts we wait for such an event, at most this long.
constexpr auto pause_between_attempts = 100ms;

std::string port_answer(Cluster& c, const std::string& node) {
  const auto& address = c.inventory().node(node).address;
  const auto error = connect_tcp(address, c.slot().ssh_port, c.within(connect_budget));
  if (!error) return address + " does not resolve";
  if (*error == ECONNREFUSED) return "";
  return *error == 0 ? "the connection is accepted" : std::strerror(*error);
}

}  // namespace

ByNode await_port_closed(Cluster& c, const Placed&) {
  const auto deadline = c.within(change_budget);
  return c.on_nodes(c.nodes(), [&](const std::string& node) {
    std::string answer = port_answer(c, node);
    while (!answer.empty() && !deadline.passed()) {
      c.docker(node).watch([](const docker::EngineEvent&) { return true; },
                           deadline.at_most(pause_between_attempts), 0, {{"type", {"container"}}});
      answer = port_answer(c, node);
    }
    return answer;
  });
}

ByNode await_no_service(Cluster& c, const Placed& s, int status) {
  return await_replies(
      c, c.nodes(), s.service.domain, "/example",
      [&](const http::Response& r) { return r.status == status && !is_record_list(r); }, change_budget);
}

ByNode await_open(Cluster& c, const Placed& s) {
  const auto good = [&](const http::Response& r) { return is_record_list(r) && from_app(*s.seen, s, r); };
  auto wrong = await_replies(c, c.nodes(), s.service.domain, "/example", good, change_budget);
  if (!s.service.has_ssh) return wrong;
  for (const auto& [node, trouble] :
       await_ssh(c, s, c.nodes(), "echo \"test ssh\"", "test ssh\n", change_budget)) {
    if (!trouble.empty()) wrong[node] += (wrong[node].empty() ? "" : "; ") + ("ssh: " + trouble);
  }
  return wrong;
}

}  // namespace labctl::scenarios
