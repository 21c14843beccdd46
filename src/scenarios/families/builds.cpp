#include "base/text.hpp"
#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

#include <fmt/format.h>

// What a deployment needs from its own clone: relative binds, and an image that is built on the node.
namespace labctl::scenarios {
namespace {

using runner::check;

runner::ScenarioBuilder<Placed> alone(const std::string& name, const TestService& service, const Nodes& n,
                                      const std::vector<std::string>& files = {}) {
  const Placement at{n[0], {}};
  runner::ScenarioBuilder<Placed> builder(name);
  builder.summary("None → " + at.text())
      .tags({"known-issue", "master-only"})
      .given("a cluster without the test service",
             [=](Cluster& c, Placed& s) {
               without(c, s, service);
               for (const auto& path : files) s.watched.insert({"anyblok", path});
             })
      .because("it is deployed alone on " + at.master, [=](Cluster& c, Placed& s) { deploy(c, s, at); })
      .include(placement(service, at))
      .include(reachable(service))
      .include(uninvolved({n[1], n[2], n[3]}))
      .cleanup("destroyed, nothing left", [](Cluster& c, Placed& s) { destroy(c, s); });
  return builder;
}

void should_hold_file(runner::ScenarioBuilder<Placed>& builder, const std::string& words,
                      const std::string& path, const std::string& content) {
  builder.should(words, [=](Cluster&, Placed& s) {
    const auto seen = container_file(s, "anyblok", path);
    check(seen.has_value(), content, "no such file", path + " on " + s.master);
    runner::check_equal(trim(*seen), content, path + " on " + s.master);
  });
}

runner::Scenario bind_relative_path(const Nodes& n) {
  const std::string file = "/tmp/test_bind_file";
  const std::string in_folder = "/tmp/test_bind_directory/test_bind_directory";
  auto builder = alone("bind-relative-path", bind_relative_path_branch(), n, {file, in_folder});
  should_hold_file(builder, "see the file bound from its clone", file, "bind file content");
  should_hold_file(builder, "see the folder bound from its clone", in_folder, "bind directory content");
  return builder;
}

// Compose in the Consul container and the node's engine once disagreed about symlinks in a build context.
runner::Scenario compose_version_consistency(const Nodes& n) {
  const std::string link = "/usr/lib/lab-test-service/fixture/test_symlink";
  return alone("compose-version-consistency", build_copy_symlink_branch(), n)
      .should("have the symlink of the build context in its image, as a symlink that leads to the file",
              [=](Cluster& c, Placed& s) {
                const auto container = s.container("anyblok");
                const auto target = c.docker(n[0]).exec(container, {"readlink", link}, c.within(call_budget));
                runner::check_equal(trim(target.out), std::string("/usr/testfile"), link);
                const auto text = c.docker(n[0]).exec(container, {"cat", link}, c.within(call_budget));
                const auto clone = contract::clone_name(s.app.app, s.deployment.event_id);
                const auto expected = observe::clone_file(c, n[0], clone, "testfile");
                check(expected.has_value(), "testfile in the clone", "no such file", clone);
                check(text.ok(), *expected, text.err, link);
                runner::check_equal(text.out, *expected, link);
              });
}

}  // namespace

Scenarios builds(const Nodes& n) { return {bind_relative_path(n), compose_version_consistency(n)}; }

}  // namespace labctl::scenarios
