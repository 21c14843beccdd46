#include "base/text.hpp"
#include "cluster/budgets.hpp"
#include "runner/check.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/steps.hpp"

#include <fmt/format.h>

#include <random>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

constexpr auto log_budget = 15s;

struct Fired {
  std::string name;
  std::string id;
};

std::string handler_log(const Cluster& c) { return c.conventions().deploy_root + "/handler.log"; }

// Waits until the handler's log of a node contains the words; returns "" or the problem.
std::string await_log(Cluster& c, const std::string& node, const std::string& words) {
  bool found = false;
  c.docker(node).exec_lines(
      c.conventions().consul_container,
      {"timeout", std::to_string(log_budget / 1s), "tail", "-n", "500", "-F", handler_log(c)},
      [&](std::string_view line) {
        found = line.find(words) != std::string_view::npos;
        return !found;
      },
      c.within(log_budget + 5s));
  return found ? "" : fmt::format("no such line in {} within {} s", handler_log(c), log_budget / 1s);
}

runner::Scenario unknown_event(const Nodes&) {
  return runner::scenario<Fired>("unknown-event-logged")
      .summary("every node")
      .tags({"events"})
      .given("an event name that no handler knows",
             [](Cluster&, Fired& s) {
               std::random_device device;
               s.name = fmt::format("test-{:08x}{:08x}", device(), device());
             })
      .because("it is fired",
               [](Cluster& c, Fired& s) {
                 s.id = c.consul().fire_event(s.name, "{}", c.within(cluster::call_budget));
               })
      .should("be named in the handler's log of every node",
              [](Cluster& c, Fired& s) {
                const auto words = "Unknown event name: " + s.name;
                check_all_good(
                    c.on_nodes(c.nodes(), [&](const std::string& node) { return await_log(c, node, words); }),
                    words);
              })
      .should("be in events.log of every node, once",
              [](Cluster& c, Fired& s) {
                const auto words = "Unknown event name: " + s.name;
                const auto wrong = c.on_nodes(c.nodes(), [&](const std::string& node) -> std::string {
                  // The handler writes to events.log before it logs anything: wait for its log line first.
                  auto late = await_log(c, node, words);
                  if (!late.empty()) return late;
                  const auto count =
                      c.exec(node, {"grep", "-cxF", s.id, c.conventions().deploy_root + "/events.log"});
                  return trim(count.out) == "1" ? "" : "found " + trim(count.out) + " times";
                });
                check_all_good(wrong, "the event's id " + s.id + " once");
              })
      .cleanup("an event leaves nothing", [](Cluster&, Fired&) {});
}

}  // namespace

Scenarios events(const Nodes& n) { return {unknown_event(n)}; }

}  // namespace labctl::scenarios
