#include "mutants/agent/mutants.hpp"

#include "agent/transfer.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "contract/checks.hpp"
#include "contract/schedules.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

// The injected defects, by the step that they change. tests/mutants/table names the scenario that must detect
// each.
namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

Deadline soon() { return Deadline::in(1min); }

// With these defects a deployment must not look for what earlier ones left: it would repair it.
constexpr std::array<std::string_view, 5> left_behind{"clone-stays-on-master", "clone-stays-on-left-master",
                                                      "clone-stays-on-left-slave",
                                                      "purge-stays-on-left-slave", "destroy-leaves-schedule"};

// Does what the defect changes in a step. false: the caller must still perform the step as usual.
bool instead(Steps& d, Step step, const std::string& defect) {
  auto& node = d.node;
  const std::string database = d.app.project + "_dbdata", data = d.app.project + "_anyblok_data",
                    cache = d.app.project + "_cache_data";
  const bool master = d.to == Role::master, slave = d.to == Role::slave,
             redeploys = d.from == Role::master && master;
  const auto volumes_but = [&](const std::string& left) {
    for (const auto& volume : node.docker.volumes(d.app.project + "_", soon())) {
      if (volume.name != left) node.docker.remove_volume(volume.name, soon());
    }
  };
  // The correct record is never published: proxies that read it first would serve correctly for a moment.
  const auto publish_with = [&](const std::function<void(contract::Record&)>& change) {
    auto record = d.new_record();
    change(record);
    d.publish_as(record);
  };
  const auto schedule_with = [&](const std::string& action, int minutes, const std::string& volume) {
    d.schedule();
    node.volumes.schedule(action, minutes, volume);
  };
  const auto copy = [&](const std::optional<std::string>& to) {
    return contract::copy_action(d.slave_address(to));
  };
  const auto other_node = [&] {
    std::string other;
    for (const auto& member : node.consul.members(soon())) {
      if (member.name != node.settings.node) other = member.name;
    }
    return other;
  };
  const std::string purge(contract::purge_action);

  // Each returns true if the step is done.
  using Spoil = std::function<bool()>;
  const auto nothing = [] { return true; };
  const std::map<std::pair<Step, std::string>, Spoil> spoils{
      {{Step::clone, "wrong-commit"},
       [&] {
         d.clone();
         run_checked({.argv = {"git", "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet",
                               "--allow-empty", "-m", "x"},
                      .directory = d.project.directory},
                     soon());
         return true;
       }},
      {{Step::clone, "wrong-env"},
       [&] {
         d.clone();
         const auto file = d.project.directory / ".env";
         write_file(file, read_file(file) + "COMPOSE_FILE=docker-compose.yml\n");
         return true;
       }},
      {{Step::maintenance_on, "no-maintenance"},
       [&] {
         d.progress.stopped = true;
         return true;
       }},
      {{Step::down, "containers-kept"}, [&] { return redeploys; }},
      {{Step::down, "restarts-other-apps"},
       [&] {
         d.down();
         for (const auto& one : node.docker.containers("", soon())) {
           if (one.running() && !one.name.starts_with("cluster_")) node.docker.restart(one.name, soon());
         }
         return true;
       }},
      {{Step::unschedule, "replication-stays"},
       [&] {
         d.progress.unscheduled = true;
         return true;
       }},
      {{Step::snapshot, "no-snapshot"}, nothing},
      {{Step::snapshot, "sends-without-slave"},
       [&] {
         send_volumes(node, d.old_volumes(), node.address_of(other_node()));
         return true;
       }},
      {{Step::cold_send, "skip-cold-send"},
       [&] {
         d.mark = {d.event_id, {}};
         return true;
       }},
      {{Step::restore, "older-snapshot"},
       [&] {
         for (const auto& volume : d.project.volumes)
           node.volumes.restore(node.volumes.snapshots(volume).front());
         return true;
       }},
      {{Step::restore, "record-lost-on-move"},
       [&] {
         for (const auto& [volume, snapshot] : d.mark.snapshots) {
           if (volume != database) node.volumes.restore(snapshot);
         }
         return true;
       }},
      {{Step::restore, "file-lost-on-move"},
       [&] {
         for (const auto& [volume, snapshot] : d.mark.snapshots) {
           if (volume != data) node.volumes.restore(snapshot);
         }
         return true;
       }},
      {{Step::down_volumes, "volume-stays"},
       [&] {
         volumes_but(database);
         return true;
       }},
      {{Step::down_volumes, "cache-stays"},
       [&] {
         volumes_but(cache);
         return true;
       }},
      {{Step::down_volumes, "destroy-leaves-volume"},
       [&] {
         volumes_but(d.request ? "" : data);
         return true;
       }},
      {{Step::drop_clone, "clone-stays-on-left-master"}, nothing},
      {{Step::purge_off, "purge-stays-on-left-slave"}, [&] { return d.to == Role::none; }},
      {{Step::purge_on, "no-purge-on-slave"}, [&] { return slave; }},
      {{Step::purge_on, "slave-not-cloned"},
       [&] {
         d.purge_on();
         if (slave) d.drop_clone();
         return true;
       }},
      {{Step::purge_on, "container-on-slave"},
       [&] {
         d.purge_on();
         if (slave) {
           run_checked(
               {.argv = {"docker", "create", "--name", d.app.project + "_dbserver_1", "lab/stack:latest"}},
               soon());
         }
         return true;
       }},
      {{Step::pre_up, "record-lost"},
       [&] {
         if (redeploys) node.docker.remove_volume(database, soon());
         return false;
       }},
      {{Step::pre_up, "file-lost"},
       [&] {
         if (redeploys) node.docker.remove_volume(data, soon());
         return false;
       }},
      {{Step::pre_up, "cache-lost"},
       [&] {
         if (redeploys) node.docker.remove_volume(cache, soon());
         return false;
       }},
      {{Step::pre_up, "update-unasked"},
       [&] {
         d.request->update = true;
         return false;
       }},
      {{Step::pre_up, "no-update"}, nothing},
      {{Step::pre_up, "update-twice"},
       [&] {
         d.pre_up();
         return false;
       }},
      {{Step::up, "wrong-driver"},
       [&] {
         const auto file = d.project.directory / "docker-compose.yml";
         const auto text = read_file(file);
         write_file(file, replace_all(text, node.settings.driver, "local"));
         d.up();
         write_file(file, text);
         return true;
       }},
      {{Step::up, "publishes-before-up"},
       [&] {
         d.publish();
         d.up();
         return true;
       }},
      {{Step::publish, "publishes-before-up"}, nothing},
      {{Step::up, "no-sidecar"},
       [&] {
         d.up();
         node.docker.remove_container(d.app.project + "_anyblok_ssh_1", soon());
         return true;
       }},
      {{Step::schedule, "replicates-to-itself"},
       [&] {
         for (const auto& volume : d.project.volumes)
           node.volumes.schedule(copy(node.settings.node), contract::copy_minutes, volume);
         d.purge_on();
         return true;
       }},
      {{Step::schedule, "copies-too-seldom"},
       [&] {
         schedule_with(copy(d.request->at.slave), 1440, database);
         return true;
       }},
      {{Step::schedule, "purges-too-often"},
       [&] {
         schedule_with(purge, 60, data);
         return true;
       }},
      {{Step::schedule, "no-snapshots-without-slave"},
       [&] {
         d.schedule();
         if (!d.request->at.slave) node.volumes.schedule("snapshot", 0, database);
         return true;
       }},
      {{Step::schedule, "plain-snapshots-too"},
       [&] {
         schedule_with("snapshot", 60, database);
         return true;
       }},
      {{Step::schedule, "cache-scheduled"},
       [&] {
         schedule_with(purge, contract::purge_minutes, cache);
         return true;
       }},
      {{Step::publish, "keeps-maintenance"},
       [&] {
         d.publish();
         node.consul.put(contract::maintenance_key(d.app.app), "", soon());
         return true;
       }},
      {{Step::publish, "stale-mark"},
       [&] {
         d.publish();
         put_mark(node, d.app.app, "success", {d.event_id, {}});
         return true;
       }},
      // Stops the master process of HAProxy, which receives a reload; its workers continue to serve as
      // before.
      {{Step::publish, "haproxy-not-reloaded"},
       [&] {
         node.docker.kill("cluster_haproxy_1", "SIGSTOP", soon());
         return false;
       }},
      {{Step::down, "haproxy-not-reloaded"},
       [&] {
         node.docker.kill("cluster_haproxy_1", "SIGCONT", soon());
         return false;
       }},
      {{Step::publish, "registers-elsewhere"},
       [&] {
         d.publish();
         node.consul.deregister_service(d.app.app, soon());
         consul::Client(Endpoint{node.address_of(other_node()), node.settings.consul.port, {}})
             .register_service(contract::registration(d.app.app, {}), soon());
         return true;
       }},
      {{Step::publish, "no-checks"},
       [&] {
         d.publish();
         // A second registration alone would keep the checks of the first.
         node.consul.deregister_service(d.app.app, soon());
         node.consul.register_service(contract::registration(d.app.app, {}), soon());
         return true;
       }},
      {{Step::publish, "no-proxy-configuration"},
       [&] {
         publish_with([](auto& record) { record.haproxy = nlohmann::ordered_json::object(); });
         return true;
       }},
      {{Step::publish, "wrong-proxy-port"},
       [&] {
         publish_with([](auto& record) {
           for (auto& [name, config] : record.haproxy.items()) {
             for (auto& backend : config["backends"]) backend["port"] = "23";
           }
         });
         return true;
       }},
      {{Step::publish, "wrong-slave"},
       [&] {
         publish_with([](auto& record) { record.at.slave.reset(); });
         return true;
       }},
      {{Step::publish, "wrong-previous-deployment"},
       [&] {
         publish_with([](auto& record) { record.previous_deploy_id = record.deploy_id; });
         return true;
       }},
      {{Step::publish, "volume-unlisted"},
       [&] {
         publish_with([](auto& record) { record.volumes.pop_back(); });
         return true;
       }},
      {{Step::publish, "container-unlisted"},
       [&] {
         publish_with([](auto& record) { record.ct.pop_back(); });
         return true;
       }},
      {{Step::clean_old, "clone-stays-on-master"}, [&] { return redeploys; }},
      {{Step::clean_old, "clone-stays-on-left-slave"}, [&] { return d.to == Role::none; }},
      {{Step::clean_old, "dropped-volume-stays"},
       [&] {
         d.known_old_volumes = d.project.volumes;
         return false;
       }},
      {{Step::clean_old, "destroy-leaves-schedule"},
       [&] {
         d.clean_old();
         if (!d.request) node.volumes.schedule(purge, contract::purge_minutes, database);
         return true;
       }},
      {{Step::clean_old, "destroy-leaves-network"},
       [&] {
         d.clean_old();
         if (!d.request)
           run_checked({.argv = {"docker", "network", "create", d.app.project + "_backend"}}, soon());
         return true;
       }},
  };
  const auto spoil = spoils.find({step, defect});
  return spoil != spoils.end() && spoil->second();
}

StepTable planted_deployment(const std::string& defect) {
  StepTable table;
  for (const Step step : table.steps()) {
    table.replace(step, [step, defect, as_it_should = table.at(step)](Steps& d) {
      if (!instead(d, step, defect)) as_it_should(d);
    });
  }
  table.sweeps = std::find(left_behind.begin(), left_behind.end(), defect) == left_behind.end();
  return table;
}

MigrationTable planted_migration(const std::string& defect) {
  MigrationTable table;
  const auto nothing = [](MigrationSteps&) {};
  if (defect == "migrate-stops-source") {
    table.send = [](MigrationSteps& m) {
      m.send();
      for (const auto& [service, container] : m.source.ct) m.node.docker.stop(container, soon());
    };
  }
  if (defect == "non-migrable-restored")
    table.replace_volumes = [](MigrationSteps& m) { m.restore(m.pairs); };
  if (defect == "migrate-restores-nothing") table.replace_volumes = nothing;
  if (defect == "no-post-migrate") table.post_migrate = nothing;
  if (defect == "no-update-after-migrate") table.update = nothing;
  if (defect == "migrate-keeps-maintenance") table.end_maintenance = nothing;
  return table;
}

}  // namespace

std::string planted_defect(const Settings& settings, const std::vector<std::string>& apps) {
  std::string defect;
  std::vector<std::string> names{"all"};
  names.insert(names.end(), apps.begin(), apps.end());
  for (const auto& name : names) {
    const auto file = settings.deploy / ".mutants" / name;
    if (std::filesystem::exists(file)) defect = trim(read_file(file));
  }
  return defect;
}

Tables planted(const std::string& defect) { return {planted_deployment(defect), planted_migration(defect)}; }

}  // namespace labctl::agent
