#include "scenarios/reach.hpp"

#include "scenarios/per_node.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {

runner::Block<Placed> reachable(const TestService& service) {
  runner::Block<Placed> block;
  block.should("answer 200 on / through every node", [](Cluster& c, Placed& s) {
    const auto wrong = cluster::await_replies(
        c, c.nodes(), s.service.domain, "/", [](const http::Response& r) { return r.status == 200; },
        reach_budget);
    check_all_good(wrong, "200 on http://" + s.service.domain + "/ through every node");
  });
  block.should("serve its records, not the maintenance page, through every node", [](Cluster& c, Placed& s) {
    const auto wrong = cluster::await_replies(c, c.nodes(), s.service.domain, "/example",
                                              cluster::is_record_list, reach_budget);
    check_all_good(wrong,
                   "a JSON list of records on http://" + s.service.domain + "/example through every node");
  });
  if (!service.has_ssh) return block;
  block.should("let ssh in through every node", [](Cluster& c, Placed& s) {
    const cluster::SshAnswer expected{cluster::SshAnswer::Outcome::ran, 0, "test ssh\n", ""};
    std::map<std::string, std::string> wrong;
    for (const auto& [node, answer] :
         cluster::ssh_everywhere(c, *s.ssh_key, c.nodes(), "echo \"test ssh\"", reach_budget)) {
      wrong[node] = answer == expected ? "" : answer.text();
    }
    check_all_good(wrong, fmt::format("{} from `echo \"test ssh\"` as root on port {} of every node",
                                      expected.text(), c.slot().ssh_port));
  });
  return block;
}

}  // namespace labctl::scenarios
