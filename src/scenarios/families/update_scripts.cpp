#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

// update.sh of the repository, which runs before the containers start if the event asks for it.
namespace labctl::scenarios {
namespace {

using runner::check;

runner::ScenarioBuilder<Placed> deployed(const std::string& name, const Nodes& n, bool update) {
  const auto service = update_script_branch();
  const Placement pair{n[0], n[1]};
  runner::ScenarioBuilder<Placed> builder(name);
  builder.summary("None → " + pair.text())
      .tags({"update", "master-slave"})
      .given("a cluster without the test service",
             [=](Cluster& c, Placed& s) {
               without(c, s, service);
               s.watched.insert({"test", "/tmp/update.txt"});
             })
      .because(update ? "it is deployed with an update" : "it is deployed without an update",
               [=](Cluster& c, Placed& s) {
                 deploy(c, s, pair, {update, {}});
               })
      .include(placement(service, pair))
      .include(reachable(service))
      .should("have the repository's update.sh in the clone on " + pair.master,
              [=](Cluster& c, Placed& s) {
                const auto clone = contract::clone_name(s.app.app, s.deployment.event_id);
                const auto file = observe::clone_file(c, pair.master, clone, "update.sh");
                check(file.has_value(), "update.sh", "no such file", pair.master + " " + clone);
                const auto committed = c.exec_checked(pair.master, {"git", "-c", "safe.directory=*", "-C",
                                                                    c.conventions().deploy_root + "/" + clone,
                                                                    "show", s.commit + ":update.sh"});
                runner::check_equal(*file, committed, pair.master + " " + clone + "/update.sh");
              })
      .cleanup("destroyed, nothing left", [](Cluster& c, Placed& s) { destroy(c, s); });
  return builder;
}

}  // namespace

Scenarios update_scripts(const Nodes& n) {
  return {deployed("update-not-requested", n, false)
              .should("not have run it",
                      [](Cluster&, Placed& s) { check_no_file(s, "test", "/tmp/update.txt"); }),
          deployed("update-requested", n, true).should("have run it once", [](Cluster&, Placed& s) {
            check_file(s, "test", "/tmp/update.txt", "TEST UPDATE\n");
          })};
}

}  // namespace labctl::scenarios
