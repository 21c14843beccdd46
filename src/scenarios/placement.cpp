#include "scenarios/placement.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/schedules.hpp"
#include "runner/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;
using runner::check;
using runner::check_equal;

constexpr auto call_budget = 10s;

// What each node has of something, in words.
using Things = std::set<std::string>;
using PerNode = std::map<std::string, Things>;

// "P_dbdata on core1" for the nodes where the two differ; the others need no words.
void check_per_node(const PerNode& seen, const PerNode& expected) {
  if (seen == expected) return;
  std::string expected_text, seen_text, where;
  const auto words = [](const Things& things) {
    return things.empty() ? "nothing" : join(std::vector<std::string>(things.begin(), things.end()), ", ");
  };
  for (const auto& [node, things] : expected) {
    if (seen.at(node) == things) continue;
    const char* glue = where.empty() ? "" : "\n";
    expected_text += fmt::format("{}on {}: {}", glue, node, words(things));
    seen_text += fmt::format("{}on {}: {}", glue, node, words(seen.at(node)));
    where += (where.empty() ? "" : ", ") + node;
  }
  throw runner::CheckFailed(expected_text, seen_text, where);
}

PerNode look(Cluster& c, const std::function<Things(const std::string&)>& at) {
  PerNode all;
  for (const auto& node : c.nodes()) all[node] = at(node);
  return all;
}

// Expected things of each node; nodes that are not named have none.
PerNode expect(Cluster& c, const std::map<std::string, Things>& where) {
  PerNode all;
  for (const auto& node : c.nodes()) all[node] = {};
  for (const auto& [node, things] : where) all[node] = things;
  return all;
}

cluster::Record record_of(Cluster& c, const Placed& s) {
  auto record = c.record(s.app.app);
  check(record.has_value(), cluster::app_key(s.app.app), "no such key", "Consul KV");
  return std::move(*record);
}

Things as_set(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

std::string volume_text(const std::string& name, const std::string& driver) {
  return name + " (" + driver + ")";
}

// A list with doubles is not what its set says.
void check_no_doubles(const std::vector<std::string>& list, const std::string& where) {
  check(as_set(list).size() == list.size(), "every entry once", join(list, ", "), where);
}

PerNode volumes_named(Cluster& c, Placed& s, const std::string& key) {
  return look(c, [&](const std::string& node) {
    Things found;
    for (const auto& volume : s.seen->volumes.at(node)) {
      if (volume.name == s.volume(key)) found.insert(volume_text(volume.name, volume.driver));
    }
    return found;
  });
}

PerNode schedules_of(Cluster& c, Placed& s, const std::string& key, const std::string& kind) {
  return look(c, [&](const std::string& node) {
    Things found;
    for (const auto& schedule : s.seen->schedules.at(node)) {
      const bool wanted = schedule.volume == s.volume(key) && (kind.empty() || schedule.kind() == kind);
      if (wanted)
        check(found.insert(schedule.text()).second, "every schedule once", schedule.text() + " twice", node);
    }
    return found;
  });
}

std::string purge_text(const std::string& volume) {
  return cluster::Schedule{std::string(cluster::purge_action), cluster::purge_minutes, volume, false}.text();
}

std::string replicate_text(Cluster& c, const std::string& volume, const std::string& slave) {
  return cluster::Schedule{cluster::copy_action(c.member_address(slave)), cluster::copy_minutes, volume,
                           false}
      .text();
}

void key_shoulds(runner::Block<Placed>& block, const std::string& master, const std::string& slave) {
  block.should("have a key in the KV store", [](Cluster& c, Placed& s) { record_of(c, s); });
  block.should(fmt::format("name {} as master and {} as slave there", master, slave),
               [=](Cluster& c, Placed& s) {
                 const auto record = record_of(c, s);
                 check_equal(record.master, master, "master");
                 check_equal(record.slave, std::optional<std::string>(slave), "slave");
                 check_equal(record.ip, c.member_address(master), "ip");
               });
  block.should("say there which event, repository and branch it comes from", [](Cluster& c, Placed& s) {
    const auto record = record_of(c, s);
    const auto& before = s.deployment.before;
    check_equal(record.deploy_id, s.deployment.event_id, "deploy_id");
    check_equal(record.previous_deploy_id, before ? std::optional(before->deploy_id) : std::nullopt,
                "previous_deploy_id");
    check_equal(record.repo_url, s.app.repo_url, "repo_url");
    check_equal(record.branch, s.app.branch, "branch");
  });
  block.should("list its managed volumes there, and no other", [](Cluster& c, Placed& s) {
    const auto record = record_of(c, s);
    Things expected;
    for (const auto& key : s.service.managed_volumes) expected.insert(s.volume(key));
    check_no_doubles(record.volumes, "volumes");
    check_equal(as_set(record.volumes), expected, "volumes");
  });
  block.should("list its containers there by service", [](Cluster& c, Placed& s) {
    const auto record = record_of(c, s);
    std::map<std::string, std::string> expected;
    for (const auto& service : s.service.services) expected[service] = s.container(service);
    check_equal(std::map<std::string, std::string>(record.ct.begin(), record.ct.end()), expected, "ct");
  });
  block.should("publish its domain, URL and proxy configurations there", [](Cluster& c, Placed& s) {
    const auto record = record_of(c, s);
    check_equal(record.domains, std::vector<std::string>{s.service.domain}, "domains");
    check_equal(record.urls, join(s.service.urls, ", "), "urls");
    check(record.caddyfile.find(s.container("anyblok") + ":8080") != std::string::npos,
          "a proxy to " + s.container("anyblok") + ":8080", record.caddyfile, "caddyfile");
    check(record.haproxy.contains(s.service.haproxy_config), s.service.haproxy_config, record.haproxy.dump(),
          "haproxy");
  });
  block.should("leave no maintenance or transfer mark", [](Cluster& c, Placed& s) {
    const auto deadline = c.within(call_budget);
    check(!c.consul().get(cluster::maintenance_key(s.app.app), deadline), "no key", "the key is there",
          cluster::maintenance_key(s.app.app));
    std::vector<std::string> marks;
    for (const auto& mark : c.consul().list(cluster::migrate_prefix(s.app.app), deadline))
      marks.push_back(mark.key);
    check_equal(marks, std::vector<std::string>{}, cluster::migrate_prefix(s.app.app));
  });
}

void clone_shoulds(runner::Block<Placed>& block, const std::string& master, const std::string& slave) {
  block.should(fmt::format("be cloned on {} and {} only, with no older clone", master, slave),
               [=](Cluster& c, Placed& s) {
                 const auto clone = cluster::clone_name(s.app.app, s.deployment.event_id);
                 check_per_node(look(c, [&](const auto& node) { return as_set(s.seen->clones.at(node)); }),
                                expect(c, {{master, {clone}}, {slave, {clone}}}));
               });
  block.should("have the project's name, alone, in .env of both clones", [=](Cluster& c, Placed& s) {
    const auto clone = cluster::clone_name(s.app.app, s.deployment.event_id);
    for (const auto& node : {master, slave}) {
      const auto text = cluster::clone_file(c, node, clone, ".env");
      const auto where = node + " " + clone + "/.env";
      check(text.has_value(), "COMPOSE_PROJECT_NAME=" + s.app.project, "no such file", where);
      check_equal(trim(*text), "COMPOSE_PROJECT_NAME=" + s.app.project, where);
    }
  });
  block.should("have both clones on the branch's commit", [=](Cluster& c, Placed& s) {
    const auto clone = cluster::clone_name(s.app.app, s.deployment.event_id);
    for (const auto& node : {master, slave}) {
      const auto clones = as_set(s.seen->clones.at(node));
      check(clones.contains(clone), "a clone on commit " + s.commit, "no such clone", node + " " + clone);
      check_equal(cluster::clone_head(c, node, clone), s.commit, node + " " + clone);
    }
  });
}

void volume_shoulds(runner::Block<Placed>& block, const std::string& master) {
  const auto on_master_only = [&](const std::string& words, const std::string& key, bool managed) {
    block.should(fmt::format("have its {} volume on {} only", words, master), [=](Cluster& c, Placed& s) {
      const auto driver = managed ? c.conventions().volume_driver : "local";
      check_per_node(volumes_named(c, s, key), expect(c, {{master, {volume_text(s.volume(key), driver)}}}));
    });
  };
  on_master_only("database", "dbdata", true);
  on_master_only("data", "anyblok_data", true);
  on_master_only("local cache", "cache_data", false);
  block.should("have no other volume anywhere", [=](Cluster& c, Placed& s) {
    Things known;
    for (const auto& key : s.service.managed_volumes) known.insert(s.volume(key));
    for (const auto& key : s.service.local_volumes) known.insert(s.volume(key));
    check_per_node(look(c,
                        [&](const auto& node) {
                          Things others;
                          for (const auto& volume : s.seen->volumes.at(node)) {
                            if (!known.contains(volume.name)) others.insert(volume.name);
                          }
                          return others;
                        }),
                   expect(c, {}));
  });
}

void schedule_shoulds(runner::Block<Placed>& block, const std::string& master, const std::string& slave) {
  for (const auto& [words, key] : {std::pair("database", "dbdata"), std::pair("data", "anyblok_data")}) {
    block.should(
        fmt::format("purge snapshots of its {} volume daily on {} and {} only", words, master, slave),
        [=, key = std::string(key)](Cluster& c, Placed& s) {
          const Things purge{purge_text(s.volume(key))};
          check_per_node(schedules_of(c, s, key, "purge"), expect(c, {{master, purge}, {slave, purge}}));
        });
  }
  for (const auto& [words, key] : {std::pair("database", "dbdata"), std::pair("data", "anyblok_data")}) {
    block.should(fmt::format("replicate its {} volume hourly from {} to {} only", words, master, slave),
                 [=, key = std::string(key)](Cluster& c, Placed& s) {
                   check_per_node(schedules_of(c, s, key, "replicate"),
                                  expect(c, {{master, {replicate_text(c, s.volume(key), slave)}}}));
                 });
  }
  block.should("schedule nothing for its local cache volume", [](Cluster& c, Placed& s) {
    check_per_node(schedules_of(c, s, "cache_data", ""), expect(c, {}));
  });
  block.should("schedule nothing else, no plain snapshots with a slave", [](Cluster& c, Placed& s) {
    check_per_node(look(c,
                        [&](const auto& node) {
                          Things others;
                          for (const auto& one : s.seen->schedules.at(node)) {
                            if (one.kind() != "purge" && one.kind() != "replicate") others.insert(one.text());
                          }
                          return others;
                        }),
                   expect(c, {}));
  });
}

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

void service_shoulds(runner::Block<Placed>& block, const std::string& master) {
  block.should(fmt::format("be registered in Consul once, on {}", master), [=](Cluster& c, Placed& s) {
    std::vector<std::string> nodes;
    for (const auto& entry : entries(c, s, master)) nodes.push_back(entry.node);
    check_equal(nodes, std::vector<std::string>{master}, "catalog entries of " + s.app.app);
  });
  block.should(fmt::format("have its URL checked by {}, and pass", master), [=](Cluster& c, Placed& s) {
    const auto checks = c.consul().health_checks(s.app.app, c.within(call_budget));
    std::vector<std::string> nodes;
    for (const auto& one : checks) nodes.push_back(one.node);
    check_equal(nodes, std::vector<std::string>(s.service.urls.size(), master),
                "health checks of " + s.app.app);
    for (const auto& one : checks) {
      // Consul first runs a check at a moment of its choice within the interval (60 s); until then it is critical
      // without any output. A check that did run must have passed.
      const bool not_yet = one.status == "critical" && one.output.empty();
      check(not_yet || one.status == "passing", "passing", one.status + ": " + one.output,
            one.node + " " + one.id);
    }
    // What the check will see when it runs, asked where it runs.
    for (const auto& url : s.service.urls) {
      const auto probe = cluster::http_probe_from(c, master, url);
      check(probe.status >= 200 && probe.status < 300, "2xx on " + url,
            probe.status == 0 ? probe.why : std::to_string(probe.status),
            master + " " + c.conventions().consul_container);
    }
  });
}

void container_shoulds(runner::Block<Placed>& block, const std::string& master) {
  block.should(fmt::format("run each of its containers on {}, without restarts", master), [=](Cluster& c,
                                                                                              Placed& s) {
    const auto deadline = c.within(call_budget);
    for (const auto& service : s.service.services) {
      const auto name = s.container(service);
      const auto found = c.docker(master).container(name, deadline);
      check(found.has_value(), name + " running", "no such container", master);
      check(found->running(), name + " running", found->state, master);
      check(found->health.empty() || found->health == "healthy", name + " healthy", found->health, master);
      const auto when_healthy = s.restarts.find(name);  // absent if it never became healthy
      check_equal(found->restart_count, when_healthy == s.restarts.end() ? 0 : when_healthy->second,
                  "restarts of " + name + " on " + master);
    }
  });
  block.should("have no other container anywhere, in any state", [=](Cluster& c, Placed& s) {
    Things mine;
    for (const auto& service : s.service.services) mine.insert(s.container(service));
    check_per_node(look(c,
                        [&](const auto& node) {
                          Things found;
                          for (const auto& one : s.seen->containers.at(node)) found.insert(one.name);
                          return found;
                        }),
                   expect(c, {{master, mine}}));
  });
}

}  // namespace

runner::Block<Placed> ms_placement(const std::string& master, const std::string& slave) {
  runner::Block<Placed> block;
  key_shoulds(block, master, slave);
  clone_shoulds(block, master, slave);
  volume_shoulds(block, master);
  schedule_shoulds(block, master, slave);
  service_shoulds(block, master);
  container_shoulds(block, master);
  return block;
}

}  // namespace labctl::scenarios
