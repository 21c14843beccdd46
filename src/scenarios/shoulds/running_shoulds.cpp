#include "runner/check.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/reach.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

// Shoulds about the running app: its entry and checks in Consul, and its containers.
namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;
using namespace std::chrono_literals;

constexpr auto check_interval = 60s;  // of the checks that the handler registers (contract 4.1)

// The catalog follows the agents with a short delay. Repeats `read` until its result is settled, or until the
// budget has passed.
template <typename Read, typename Settled>
auto await_catalog(Cluster& c, std::chrono::milliseconds budget, Read read, Settled settled) {
  const auto deadline = c.within(budget);
  const auto ask = [&](std::uint64_t since) {
    return c.ask_consul([&](consul::Client&, Deadline) { return read(consul::Blocking{since}, deadline); });
  };
  auto found = ask(0);
  while (!settled(found.value) && !deadline.passed()) found = ask(found.index);
  return found.value;
}

// The nodes of service entries or checks.
template <typename Things>
std::vector<std::string> nodes_of(const Things& all) {
  std::vector<std::string> nodes;
  for (const auto& one : all) nodes.push_back(one.node);
  return nodes;
}

template <typename Read>
void check_nodes(Cluster& c, const Placed& s, const std::vector<std::string>& expected,
                 const std::string& where, Read read) {
  const auto settled = [&](const auto& all) { return nodes_of(all) == expected; };
  check_equal(nodes_of(await_catalog(c, s.left_of(call_budget), read, settled)), expected, where);
}

// Consul runs a check for the first time at any moment within the interval (60 s). Until then the check is
// critical and has no output.
bool not_run(const consul::HealthCheck& one) { return one.status == "critical" && one.output.empty(); }

void check_health(Cluster& c, Placed& s, const std::string& master) {
  // Sends the check's request from where the check runs.
  for (const auto& url : s.service.check_urls) {
    const auto probe = await_http_probe(c, master, url, s.left_of(reach_budget));
    check(probe.ok(), "2xx on " + url, probe.status == 0 ? probe.why : std::to_string(probe.status),
          master + " " + c.conventions().consul_container);
  }
  const auto read = [&](consul::Blocking since, Deadline deadline) {
    return c.consul().health_checks(s.app.app, since, deadline);
  };
  check_nodes(c, s, std::vector<std::string>(s.service.check_urls.size(), master),
              "health checks of " + s.app.app, read);
  // A check that ran before the proxies had applied the change runs again after its interval.
  const auto good = [](const auto& one) { return not_run(one) || one.status == "passing"; };
  const auto all_good = [&](const auto& all) { return std::all_of(all.begin(), all.end(), good); };
  for (const auto& one : await_catalog(c, s.left_of(check_interval + reach_budget), read, all_good))
    check(good(one), "passing", one.status + ": " + one.output, one.node + " " + one.id);
}

}  // namespace

void service_shoulds(runner::Block<Placed>& block, const Placement& at) {
  block.should(fmt::format("be registered in Consul once, on {}", at.master), [=](Cluster& c, Placed& s) {
    check_nodes(c, s, {at.master}, "catalog entries of " + s.app.app,
                [&](consul::Blocking since, Deadline deadline) {
                  return c.consul().catalog_service(s.app.app, since, deadline);
                });
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
          "every container running on " + at.master + " when " + contract::app_key(s.app.app) +
              " named the deployment",
          "not running then:\n" + missing, at.master);
  });
  for (const auto& name : lasting) {
    block.should(
        fmt::format("run its container {} on {}, without restarts", name, at.master),
        [=](Cluster&, Placed& s) {
          const auto container = s.container(name);
          const auto& all = s.seen->containers.at(at.master);
          const auto found =
              std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.name == container; });
          check(found != all.end(), container + " running", "no such container", at.master);
          check(found->running(), container + " running", found->state, at.master);
          check(found->health.empty() || found->health == "healthy", container + " healthy", found->health,
                at.master);
          // Absent if it never became healthy.
          const auto when_healthy = s.restarts.find(container);
          check_equal(found->restart_count, when_healthy == s.restarts.end() ? 0 : when_healthy->second,
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
