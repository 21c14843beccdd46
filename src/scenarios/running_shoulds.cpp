#include "runner/check.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/placement_shoulds.hpp"
#include "scenarios/reach.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

// The app as it runs: its entry and checks in Consul, its containers.
namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;
using namespace std::chrono_literals;

constexpr auto check_interval = 60s;  // of what the handler registers (contract 4.1)

// The catalog follows the agent's registration by a moment.
std::vector<consul::ServiceEntry> entries(Cluster& c, const Placed& s, const std::string& master) {
  const auto deadline = c.within(call_budget);
  auto read = c.consul().catalog_service(s.app.app, consul::Blocking{0}, deadline);
  const auto settled = [&] { return read.value.size() == 1 && read.value.front().node == master; };
  while (!settled() && !deadline.passed()) {
    read = c.consul().catalog_service(s.app.app, consul::Blocking{read.index}, deadline);
  }
  return read.value;
}

using Checks = std::vector<consul::Check>;

// The same holds for checks. What they are when they have settled, or as they are at the end.
Checks await_checks(Cluster& c, const std::string& app, std::chrono::milliseconds budget,
                    const std::function<bool(const Checks&)>& settled) {
  const auto deadline = c.within(budget);
  auto read = c.consul().health_checks(app, consul::Blocking{0}, deadline);
  while (!settled(read.value) && !deadline.passed())
    read = c.consul().health_checks(app, consul::Blocking{read.index}, deadline);
  return read.value;
}

std::vector<std::string> nodes_of(const Checks& checks) {
  std::vector<std::string> nodes;
  for (const auto& one : checks) nodes.push_back(one.node);
  return nodes;
}

// Consul first runs a check at a moment of its choice within the interval (60 s); until then it is critical without any
// output.
bool not_run(const consul::Check& one) { return one.status == "critical" && one.output.empty(); }

void check_health(Cluster& c, Placed& s, const std::string& master) {
  // What the check sees when it runs, asked where it runs.
  for (const auto& url : s.service.check_urls) {
    const auto probe = cluster::await_http_probe(c, master, url, reach_budget);
    check(probe.ok(), "2xx on " + url, probe.status == 0 ? probe.why : std::to_string(probe.status),
          master + " " + c.conventions().consul_container);
  }
  const std::vector<std::string> expected(s.service.check_urls.size(), master);
  const auto where_expected = [&](const Checks& all) { return nodes_of(all) == expected; };
  check_equal(nodes_of(await_checks(c, s.app.app, call_budget, where_expected)), expected,
              "health checks of " + s.app.app);
  // One that ran while the proxies were still taking up the app is run again after its interval.
  const auto good = [](const auto& one) { return not_run(one) || one.status == "passing"; };
  const auto all_good = [&](const Checks& all) { return std::all_of(all.begin(), all.end(), good); };
  for (const auto& one : await_checks(c, s.app.app, check_interval + reach_budget, all_good))
    check(good(one), "passing", one.status + ": " + one.output, one.node + " " + one.id);
}

}  // namespace

void service_shoulds(runner::Block<Placed>& block, const Placement& at) {
  block.should(fmt::format("be registered in Consul once, on {}", at.master), [=](Cluster& c, Placed& s) {
    std::vector<std::string> nodes;
    for (const auto& entry : entries(c, s, at.master)) nodes.push_back(entry.node);
    check_equal(nodes, std::vector<std::string>{at.master}, "catalog entries of " + s.app.app);
  });
  block.should(fmt::format("have its URL checked by {}, and pass", at.master),
               [=](Cluster& c, Placed& s) { check_health(c, s, at.master); });
}

void container_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at) {
  std::vector<std::string> lasting;
  for (const auto& name : service.services) {
    if (std::find(service.short_lived.begin(), service.short_lived.end(), name) == service.short_lived.end())
      lasting.push_back(name);
  }
  block.should("have been published when its containers ran, not before", [=](Cluster&, Placed& s) {
    std::string missing;
    for (const auto& name : lasting) {
      if (!s.ran_when_published.contains(s.container(name))) missing += s.container(name) + "\n";
    }
    check(missing.empty(),
          "every container running on " + at.master + " when " + cluster::app_key(s.app.app) +
              " named the deployment",
          "not running then:\n" + missing, at.master);
  });
  for (const auto& name : lasting) {
    block.should(fmt::format("run its container {} on {}, without restarts", name, at.master),
                 [=](Cluster& c, Placed& s) {
                   const auto container = s.container(name);
                   const auto found = c.docker(at.master).container(container, c.within(call_budget));
                   check(found.has_value(), container + " running", "no such container", at.master);
                   check(found->running(), container + " running", found->state, at.master);
                   check(found->health.empty() || found->health == "healthy", container + " healthy",
                         found->health, at.master);
                   // Absent if it never became healthy.
                   const auto when_healthy = s.restarts.find(container);
                   check_equal(found->restart_count,
                               when_healthy == s.restarts.end() ? 0 : when_healthy->second,
                               "restarts of " + container + " on " + at.master);
                 });
  }
  block.should("have no other container anywhere, in any state", [=](Cluster& c, Placed& s) {
    Things mine;
    for (const auto& name : s.service.services) mine.insert(s.container(name));
    check_per_node(look(c,
                        [&](const auto& node) {
                          Things found;
                          for (const auto& one : s.seen->containers.at(node)) {
                            if (node != at.master || !mine.contains(one.name)) found.insert(one.name);
                          }
                          return found;
                        }),
                   expect(c, {}));
  });
}

}  // namespace labctl::scenarios
