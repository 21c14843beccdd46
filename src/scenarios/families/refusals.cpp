#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/faults.hpp"
#include "cluster/log_lines.hpp"
#include "runner/check.hpp"
#include "runner/every_step.hpp"
#include "scenarios/budgets.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/service_repository.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

// Deployments that must fail: the old instance keeps serving, and the handlers log the reason. The shoulds
// judge every result, even an app that is gone.
namespace labctl::scenarios {
namespace {

using runner::check;

struct Refused : Placed {
  cluster::Attempt attempt;
  Placed rival;  // another app, in refuse-duplicate-url
};

using Act = std::function<void(Cluster&, Refused&)>;

contract::DeployRequest request_for(const Placed& s, const Placement& to) {
  contract::DeployRequest request;
  request.app = s.app;
  request.at = to;
  return request;
}

// Whether all containers of the deployment run on its old master. Missing ones will not appear later, because
// every handler has finished.
bool all_there(Cluster& c, const Placed& s) {
  const auto seen =
      c.docker(s.deployment.record.at.master).containers(s.app.project + "_", c.within(look_budget));
  return std::all_of(s.deployment.record.ct.begin(), s.deployment.record.ct.end(), [&](const auto& one) {
    return std::any_of(seen.begin(), seen.end(), [&](const auto& container) {
      return container.name == one.second && container.running();
    });
  });
}

void look_again(Cluster& c, Placed& s) {
  s.restarts.clear();
  try {
    if (all_there(c, s)) s.restarts = cluster::await_healthy(c, s.deployment, s.service.short_lived);
  } catch (const Error& e) {
    if (e.kind() != Kind::timeout) throw;
  }
  look_after(c, s);
}

// An error gives the reason if it contains one of these words.
using Reasons = std::function<std::vector<std::string>(const Refused&)>;

// "" if the node's handler has logged an error that gives the reason since the event was fired; otherwise
// what it logged.
std::string unexplained(const Refused& s, const std::string& node, const std::vector<std::string>& reasons) {
  const auto logged = s.attempt.logged.find(node);
  if (logged == s.attempt.logged.end()) return "it logged nothing";
  const auto errors = cluster::error_messages(logged->second);
  const auto explains = [&](const std::string& message) {
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](const std::string& word) { return message.find(word) != std::string::npos; });
  };
  if (std::any_of(errors.begin(), errors.end(), explains)) return "";
  const auto lines = cluster::telling_lines(logged->second, {s.app}, s.attempt.event_id, 6);
  return "it logged:\n" + join(lines, "\n");
}

// given: the service with one record. because: `act` makes an attempt that must fail; `says_why` are the
// nodes whose handlers must have logged an error that gives one of the reasons.
runner::ScenarioBuilder<Refused> refused(const std::string& name, const Placement& at,
                                         const std::string& words, const std::vector<std::string>& says_why,
                                         const Reasons& reasons, Act act) {
  const auto service = master_branch();
  runner::ScenarioBuilder<Refused> builder(name);
  builder.summary("stays on " + at.text())
      .tags({"failure"})
      .given("a service with one record, " + placed_words(at),
             [=](Cluster& c, Refused& s) { given_service(c, s, service, at); })
      .because(words,
               [=](Cluster& c, Refused& s) {
                 act(c, s);
                 c.faults().undo_all();
                 look_again(c, s);
               })
      .include(placement(service, at))
      .include(reachable(service))
      .include(data_kept(at.master))
      .should("say why in the handler's log of " + join(says_why, ", "),
              [=](Cluster&, Refused& s) {
                const auto known = reasons(s);
                for (const auto& node : says_why) {
                  const auto instead = unexplained(s, node, known);
                  check(instead.empty(), "an error line about it that names " + join(known, " or "), instead,
                        node);
                }
              })
      .cleanup("destroyed, nothing left", [](Cluster& c, Refused& s) {
        runner::run_every({[&] { destroy(c, s.rival); }, [&] { destroy(c, s); }});
      });
  return builder;
}

void attempt(Cluster& c, Refused& s, const Placement& to) {
  s.attempt = cluster::attempt_deploy(c, request_for(s, to));
}

runner::Scenario same_master_and_slave(const Nodes& n) {
  return refused(
      "refuse-same-master-and-slave", {n[0], n[1]}, fmt::format("it is deployed with {} as both", n[2]), n,
      [=](const Refused&) { return std::vector<std::string>{"slave"}; },
      [=](Cluster& c, Refused& s) {
        const nlohmann::json payload{
            {"repo", s.app.repo_url}, {"branch", s.app.branch}, {"master", n[2]}, {"slave", n[2]}};
        s.attempt = cluster::attempt_event(c, "deploy", payload.dump(), s.app);
      });
}

runner::Scenario unknown_node(const Nodes& n) {
  return refused(
      "refuse-unknown-node", {n[1], n[2]}, "it is deployed on a node that does not exist", n,
      [](const Refused&) { return std::vector<std::string>{"nowhere"}; },
      [](Cluster& c, Refused& s) {
        attempt(c, s, {"nowhere", {}});
      });
}

runner::Scenario missing_branch(const Nodes& n) {
  const Placement to{n[0], n[1]};
  return refused(
             "refuse-missing-branch", {n[2], n[3]},
             fmt::format("its branch is removed, and it is deployed {}", placed_words(to)), {n[0], n[2]},
             [](const Refused& s) { return std::vector{s.app.branch}; },
             [=](Cluster& c, Refused& s) {
               remove_branch(c, s.app.branch);
               attempt(c, s, to);
             })
      .moves_branch();
}

runner::Scenario duplicate_url(const Nodes& n) {
  return refused(
             "refuse-duplicate-url", {n[0], n[1]},
             fmt::format("another app of the same URL is deployed alone on {}", n[2]), {n[2]},
             [](const Refused& s) { return std::vector{s.service.domain}; },
             [=](Cluster& c, Refused& s) {
               without(c, s.rival, bind_relative_path_branch());
               s.attempt = cluster::attempt_deploy(c, request_for(s.rival, {n[2], {}}));
               look_after(c, s.rival);
             })
      .should("not have the other app in the KV store",
              [](Cluster&, Refused& s) {
                check(s.rival.seen->record.get().empty(), "no key", "the key is there",
                      contract::app_key(s.rival.app.app));
              })
      .should("have nothing of the other app on any node", [](Cluster& c, Refused& s) {
        check_per_node(look(c, [&](const auto& node) { return belongings(s.rival, node, true); }),
                       expect(c, {}));
      });
}

// Makes the repository unreachable for one node: its URL leads to a port on which no process listens.
cluster::Fault git_cut_off(const Refused& s, const std::string& node) {
  return cluster::GitSetting{node, "url.git://127.0.0.1:1/nowhere.insteadOf", s.app.repo_url};
}

runner::Scenario git_unreachable(const std::string& whom, const std::string& node, const Nodes& n) {
  const Placement from{n[0], n[1]}, to{n[2], n[3]};
  return refused(
             "refuse-git-unreachable-" + whom, from,
             fmt::format("it is deployed {} while {} cannot reach the repository", placed_words(to), node),
             {node}, [](const Refused&) { return std::vector<std::string>{"clone"}; },
             [=](Cluster& c, Refused& s) {
               c.faults().plant(git_cut_off(s, node));
               attempt(c, s, to);
             })
      .disruptive();
}

// The receiving plugin accepts no ssh key, so every send to it fails.
runner::Scenario failed_send(const Nodes& n) {
  const Placement from{n[0], n[1]}, to{n[2], n[3]};
  const cluster::Fault keys_away =
      cluster::RenamedFile{to.master, "/var/lib/buttervolume/ssh", "authorized_keys", "authorized_keys.away"};
  return refused(
             "refuse-failed-send", from,
             fmt::format("it is deployed {} while {} takes no snapshots", placed_words(to), to.master),
             {from.master},
             [](const Refused&) {
               return std::vector<std::string>{"send", "Send"};
             },
             [=](Cluster& c, Refused& s) {
               c.faults().plant(keys_away);
               attempt(c, s, to);
             })
      .disruptive();
}

}  // namespace

Scenarios refusals(const Nodes& n) {
  return {same_master_and_slave(n),
          unknown_node(n),
          missing_branch(n),
          duplicate_url(n),
          git_unreachable("new-master", n[2], n),
          git_unreachable("old-master", n[0], n),
          failed_send(n)};
}

}  // namespace labctl::scenarios
