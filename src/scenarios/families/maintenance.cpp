#include "cluster/faults.hpp"
#include "runner/check.hpp"
#include "scenarios/closed.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"

#include <fmt/format.h>

// The maintenance key alone, set and removed without a deployment.
namespace labctl::scenarios {
namespace {

constexpr int not_available = 503;
constexpr int not_found = 404;  // the maintenance site's answer for every path except its own

// Each look must happen at a certain moment. So because takes all looks, and the shoulds only judge them.
struct Closed : Placed {
  ByNode open_before, port, http, open_after;
};

void close_and_open(Cluster& c, Closed& s, int http_status) {
  s.open_before = await_open(c, s);
  c.faults().plant(cluster::WrittenKey{contract::maintenance_key(s.app.app), ""});
  s.port = await_port_closed(c, s);
  s.http = await_no_service(c, s, http_status);
  c.faults().undo_all();
  s.open_after = await_open(c, s);
}

runner::Scenario closed(const std::string& name, const TestService& service, const Nodes& n, int http_status,
                        const std::string& http_words) {
  const Placement pair{n[1], n[0]};
  return runner::scenario<Closed>(name)
      .summary(pair.text())
      .tags({"maintenance", "known-issue"})
      .given("a service, " + placed_words(pair),
             [=](Cluster& c, Closed& s) {
               without(c, s, service);
               deploy(c, s, pair);
             })
      .because("its maintenance key is set, and removed again",
               [=](Cluster& c, Closed& s) { close_and_open(c, s, http_status); })
      .should(
          "serve records and ssh through every node before",
          [](Cluster&, Closed& s) { check_all_good(s.open_before, "records and ssh through every node"); })
      .should("refuse ssh connections through every node meanwhile",
              [](Cluster& c, Closed& s) {
                check_all_good(s.port, fmt::format("port {} closed on every node", c.slot().ssh_port));
              })
      .should(http_words,
              [=](Cluster&, Closed& s) {
                check_all_good(s.http, fmt::format("{} without records through every node", http_status));
              })
      .should("serve records and ssh through every node again afterwards",
              [](Cluster&, Closed& s) { check_all_good(s.open_after, "records and ssh through every node"); })
      .cleanup("destroyed, nothing left", [](Cluster& c, Closed& s) { destroy(c, s); });
}

}  // namespace

Scenarios maintenance(const Nodes& n) {
  return {closed("maintenance-disables-haproxy", master_branch(), n, not_found,
                 "show Caddy's maintenance page through every node meanwhile"),
          closed("maintenance-without-caddy", without_caddyfile_branch(), n, not_available,
                 "answer 503 through every node meanwhile")};
}

}  // namespace labctl::scenarios
