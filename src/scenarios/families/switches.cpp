#include "base/process_start.hpp"
#include "cluster/faults.hpp"
#include "runner/check.hpp"
#include "runner/every_step.hpp"
#include "scenarios/closed.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;

struct Switched : Placed {
  ByNode closed;  // the ssh port while the maintenance key existed
};

// Looks at the ssh port as soon as maintenance begins, while the switch continues.
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
        check_equal(old.size(), s.service.services.size(), "containers before on " + pair.master);
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

struct BesideAnother : Placed {
  Placed other;
  PerNode had;                       // of the other app, on each node
  Things processes, processes_then;  // of the other app's containers
};

// "anyblok 4711": the first process of a container by its start time. A restart changes it, but not the
// container's id.
Things first_processes(Cluster& c, const Placed& s) {
  Things seen;
  for (const auto& service : s.service.services) {
    const auto stat = c.docker(s.master).exec(s.container(service), {"cat", "/proc/1/stat"},
                                              c.within(cluster::call_budget));
    const auto start = process_start(stat.out);
    check(stat.ok() && start != 0, "the first process of " + s.container(service), stat.out + stat.err,
          s.master);
    seen.insert(fmt::format("{} {}", service, start));
  }
  return seen;
}

PerNode belongings_of_other(Cluster& c, BesideAnother& s) {
  return look(c, [&](const auto& node) { return belongings(s.other, node, false); });
}

// A handler finds an app's objects by names and prefixes. A wrong prefix also matches another app's objects.
runner::Scenario reverse_beside_another(const Nodes& n) {
  const Placement before{n[2], n[3]}, after{n[3], n[2]};
  return runner::scenario<BesideAnother>("reverse-beside-another")
      .summary(before.text() + " → " + after.text())
      .tags({"switch", "master-slave"})
      .given("two apps, each " + placed_words(before),
             [=](Cluster& c, BesideAnother& s) {
               without(c, s, without_caddyfile_branch());
               deploy(c, s, before);
               given_service(c, s.other, qualif_branch(), before);
               look_after(c, s.other);
               s.other.before = s.other.seen;
               s.had = belongings_of_other(c, s);
               s.processes = first_processes(c, s.other);
             })
      .because("one of them is deployed " + placed_words(after),
               [=](Cluster& c, BesideAnother& s) {
                 deploy(c, s, after);
                 look_after(c, s.other);
                 s.processes_then = first_processes(c, s.other);
               })
      .include(reachable(without_caddyfile_branch()))
      .should("leave what the other app has on every node",
              [](Cluster& c, BesideAnother& s) { check_per_node(belongings_of_other(c, s), s.had); })
      .should("leave the other app's key as it was",
              [](Cluster&, BesideAnother& s) {
                check_equal(contract::to_text(record_of(s.other)),
                            contract::to_text(s.other.before->record.get().at(0)));
              })
      .should("let the other app's containers run on, without a restart",
              [](Cluster&, BesideAnother& s) { check_equal(s.processes_then, s.processes, s.other.master); })
      .include("the other app", &BesideAnother::other, record_kept())
      .include("the other app", &BesideAnother::other, reachable(qualif_branch()))
      .cleanup("both destroyed, nothing left", [](Cluster& c, BesideAnother& s) {
        runner::run_every({[&] { destroy(c, s); }, [&] { destroy(c, s.other); }});
      });
}

// Disruptive, because all other requests through Caddy on that node fail meanwhile.
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
  return {reverse(n), redeploy(n), move_without_caddy(n), reverse_beside_another(n), bypass_caddy(n)};
}

}  // namespace labctl::scenarios
