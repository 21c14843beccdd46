#include "scenarios/reach.hpp"

#include "scenarios/attribution.hpp"
#include "scenarios/per_node.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {

runner::Block<Placed> reachable(const TestService& service) {
  runner::Block<Placed> block;
  block.should("answer 200 on / through every node", [](Cluster& c, Placed& s) {
    const auto wrong = await_replies(
        c, c.nodes(), s.service.domain, "/",
        // Without a body it is Caddy's own answer for a host that it does not know (yet).
        [&](const http::Response& r) {
          return r.status == 200 && !r.body.empty() && from_app(*s.seen, s, r);
        },
        s.left_of(reach_budget));
    check_all_good(wrong, "200 and a page on http://" + s.service.domain + "/ through every node");
  });
  block.should("serve its records, not the maintenance page, through every node", [](Cluster& c, Placed& s) {
    const auto wrong = await_replies(
        c, c.nodes(), s.service.domain, "/example",
        [&](const http::Response& r) { return is_record_list(r) && from_app(*s.seen, s, r); },
        s.left_of(reach_budget));
    check_all_good(wrong,
                   "a JSON list of records on http://" + s.service.domain + "/example through every node");
  });
  if (!service.has_ssh) return block;
  block.should("let ssh in through every node", [](Cluster& c, Placed& s) {
    const auto wrong = await_ssh(c, s, c.nodes(), "echo \"test ssh\"", "test ssh\n", s.left_of(reach_budget));
    check_all_good(wrong,
                   fmt::format("\"test ssh\" from `echo \"test ssh\"` as root on port {} of every node",
                               c.slot().ssh_port));
  });
  return block;
}

}  // namespace labctl::scenarios
