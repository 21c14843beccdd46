#include "cluster/faults.hpp"
#include "runner/check.hpp"
#include "scenarios/closed.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using runner::check;

struct Switched : Placed {
  ByNode closed;  // the ssh port while the maintenance key existed
};

// Looks at the ssh port from the moment on that maintenance begins: the switch goes on meanwhile.
void deploy_and_look_at_port(Cluster& c, Switched& s, const Placement& to) {
  deploy(c, s, to, {false, {{}, [&] { s.closed = await_port_closed(c, s); }}});
}

runner::Scenario reverse(const Nodes& n) {
  const Move move{"reverse-service", {"switch", "master-slave"}, {n[2], n[3]}, {n[3], n[2]}};
  return move_scenario<Switched>(move, n,
                                 [=](Cluster& c, Switched& s) { deploy_and_look_at_port(c, s, move.to); })
      .should("refuse ssh through every node while it is switched", [](Cluster& c, Switched& s) {
        check(!s.closed.empty(), "a look at the port during maintenance", "maintenance was never seen");
        check_all_good(s.closed, fmt::format("port {} closed on every node", c.slot().ssh_port));
      });
}

runner::Scenario redeploy(const Nodes& n) {
  const Placement pair{n[1], n[2]};
  const Move move{"redeploy-service", {"redeploy", "master-slave"}, pair, pair};
  return move_scenario<Placed>(move, n,
                               [=](Cluster& c, Placed& s) {
                                 remember(c, s);
                                 deploy(c, s, pair);
                               })
      .should("make every container anew", [=](Cluster&, Placed& s) {
        Things old;
        for (const auto& one : s.before->containers.at(pair.master)) old.insert(one.id);
        runner::check_equal(old.size(), s.service.services.size(), "containers before on " + pair.master);
        for (const auto& one : s.seen->containers.at(pair.master))
          check(!old.contains(one.id), "another container " + one.name, "the same, " + one.id, pair.master);
      });
}

runner::Scenario move_without_caddy(const Nodes& n) {
  const Move move{"move-without-caddy",
                  {"switch", "master-slave", "known-issue"},
                  {n[0], n[3]},
                  {n[2], n[1]},
                  without_caddyfile_branch()};
  return move_scenario<Placed>(move, n);
}

// Everything else that goes through Caddy on that node fails meanwhile.
runner::Scenario bypass_caddy(const Nodes& n) {
  struct Bypassed : Placed {
    ByNode answers;
    std::string log;
  };
  const Placement pair{n[2], n[1]};
  return runner::scenario<Bypassed>("bypass-caddy")
      .summary("None → " + pair.text())
      .tags({"known-issue", "master-slave"})
      .disruptive()
      .given("a service that goes past Caddy, " + placed_words(pair),
             [=](Cluster& c, Bypassed& s) {
               without(c, s, without_caddyfile_branch());
               deploy(c, s, pair);
             })
      .because("Caddy is stopped on " + pair.master,
               [=](Cluster& c, Bypassed& s) {
                 const auto& caddy = c.conventions().caddy_container;
                 s.log = c.docker(pair.master).logs(caddy, 2000, c.within(std::chrono::seconds{10}));
                 c.faults().plant(cluster::StoppedContainer{pair.master, caddy});
                 s.answers = await_open(c, s);
                 c.faults().undo_all();
               })
      .should("still be served through every node",
              [](Cluster&, Bypassed& s) {
                check(!s.answers.empty(), "answers from every node", "none was asked");
                check_all_good(s.answers, "records and ssh through every node");
              })
      .should("never have been asked for through Caddy",
              [=](Cluster&, Bypassed& s) {
                check(s.log.find(s.service.domain + " ") == std::string::npos,
                      "no request for " + s.service.domain, "it is in the log of Caddy", pair.master);
              })
      .cleanup("Caddy started, service destroyed, nothing left",
               [](Cluster& c, Bypassed& s) { destroy(c, s); });
}

}  // namespace

Scenarios switches(const Nodes& n) {
  return {reverse(n), redeploy(n), move_without_caddy(n), bypass_caddy(n)};
}

}  // namespace labctl::scenarios
