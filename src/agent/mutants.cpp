#include "agent/mutants.hpp"

#include "agent/deployment.hpp"
#include "agent/transfer.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "contract/checks.hpp"
#include "contract/schedules.hpp"

#include <functional>
#include <map>

// The planted defects, by the step they spoil. tests/mutants/table says which scenario has to catch each.
namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

std::string& chosen() {
  static std::string id;
  return id;
}

Deadline soon() { return Deadline::in(1min); }

}  // namespace

void choose_mutant(const Settings& settings, const std::vector<std::string>& apps) {
  chosen().clear();
  std::vector<std::string> names{"all"};
  names.insert(names.end(), apps.begin(), apps.end());
  for (const auto& name : names) {
    const auto file = settings.deploy / ".mutants" / name;
    if (std::filesystem::exists(file)) chosen() = trim(read_file(file));
  }
}

bool mutant(std::string_view id) { return chosen() == id; }

bool Mutants::leaves_rest() {
  for (const char* id : {"clone-stays-on-master", "clone-stays-on-left-master", "clone-stays-on-left-slave",
                         "purge-stays-on-left-slave", "destroy-leaves-schedule"}) {
    if (mutant(id)) return true;
  }
  return false;
}

bool Mutants::instead(Deployment& d, Step step) {
  auto& node = d.node_;
  const std::string database = d.app_.project + "_dbdata", data = d.app_.project + "_anyblok_data",
                    cache = d.app_.project + "_cache_data";
  const bool master = d.to_ == Role::master, slave = d.to_ == Role::slave,
             redeploys = d.from_ == Role::master && master;
  const auto volumes_but = [&](const std::string& left) {
    for (const auto& volume : node.docker.volumes(d.app_.project + "_", soon())) {
      if (volume.name != left) node.docker.remove_volume(volume.name, soon());
    }
  };
  // Never as it should be: proxies that read that first would serve well for a moment.
  const auto publish_with = [&](const std::function<void(contract::Record&)>& change) {
    auto record = d.new_record();
    change(record);
    d.publish(record);
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

  // Each returns whether the step is done.
  using Spoil = std::function<bool()>;
  const auto nothing = [] { return true; };
  const std::map<std::pair<Step, std::string>, Spoil> spoils{
      {{Step::clone, "wrong-commit"},
       [&] {
         d.clone();
         run_checked({.argv = {"git", "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet",
                               "--allow-empty", "-m", "x"},
                      .directory = d.project_.directory},
                     soon());
         return true;
       }},
      {{Step::clone, "wrong-env"},
       [&] {
         d.clone();
         const auto file = d.project_.directory / ".env";
         write_file(file, read_file(file) + "COMPOSE_FILE=docker-compose.yml\n");
         return true;
       }},
      {{Step::maintenance_on, "no-maintenance"},
       [&] {
         d.progress_.stopped = true;
         return true;
       }},
      {{Step::down, "containers-kept"}, [&] { return redeploys; }},
      {{Step::unschedule, "replication-stays"},
       [&] {
         d.progress_.unscheduled = true;
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
         d.mark_ = {d.event_id_, {}};
         return true;
       }},
      {{Step::restore, "older-snapshot"},
       [&] {
         for (const auto& volume : d.project_.volumes)
           node.volumes.restore(node.volumes.snapshots(volume).front());
         return true;
       }},
      {{Step::restore, "record-lost-on-move"},
       [&] {
         for (const auto& [volume, snapshot] : d.mark_.snapshots) {
           if (volume != database) node.volumes.restore(snapshot);
         }
         return true;
       }},
      {{Step::restore, "file-lost-on-move"},
       [&] {
         for (const auto& [volume, snapshot] : d.mark_.snapshots) {
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
         volumes_but(d.request_ ? "" : data);
         return true;
       }},
      {{Step::drop_clone, "clone-stays-on-left-master"}, nothing},
      {{Step::purge_off, "purge-stays-on-left-slave"}, [&] { return d.to_ == Role::none; }},
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
               {.argv = {"docker", "create", "--name", d.app_.project + "_dbserver_1", "lab/stack:latest"}},
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
         d.request_->update = true;
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
         const auto file = d.project_.directory / "docker-compose.yml";
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
         node.docker.remove_container(d.app_.project + "_anyblok_ssh_1", soon());
         return true;
       }},
      {{Step::schedule, "replicates-to-itself"},
       [&] {
         for (const auto& volume : d.project_.volumes)
           node.volumes.schedule(copy(node.settings.node), contract::copy_minutes, volume);
         d.purge_on();
         return true;
       }},
      {{Step::schedule, "copies-too-seldom"},
       [&] {
         schedule_with(copy(d.request_->slave), 1440, database);
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
         if (!d.request_->slave) node.volumes.schedule("snapshot", 0, database);
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
         node.consul.put(contract::maintenance_key(d.app_.app), "", soon());
         return true;
       }},
      {{Step::publish, "stale-mark"},
       [&] {
         d.publish();
         put_mark(node, d.app_.app, "success", {d.event_id_, {}});
         return true;
       }},
      // Its master process, which a reload is sent to; its workers serve on as they did.
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
         node.consul.deregister_service(d.app_.app, soon());
         consul::Client({.host = node.address_of(other_node()),
                         .port = node.settings.consul.port,
                         .unix_socket = {},
                         .connect_to = {}})
             .register_service(contract::registration(d.app_.app, {}), soon());
         return true;
       }},
      {{Step::publish, "no-checks"},
       [&] {
         d.publish();
         // A second registration would keep the checks of the first.
         node.consul.deregister_service(d.app_.app, soon());
         node.consul.register_service(contract::registration(d.app_.app, {}), soon());
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
         publish_with([](auto& record) { record.slave.reset(); });
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
      {{Step::clean_old, "clone-stays-on-left-slave"}, [&] { return d.to_ == Role::none; }},
      {{Step::clean_old, "dropped-volume-stays"},
       [&] {
         d.old_volumes_ = d.project_.volumes;
         return false;
       }},
      {{Step::clean_old, "destroy-leaves-schedule"},
       [&] {
         d.clean_old();
         if (!d.request_) node.volumes.schedule(purge, contract::purge_minutes, database);
         return true;
       }},
      {{Step::clean_old, "destroy-leaves-network"},
       [&] {
         d.clean_old();
         if (!d.request_)
           run_checked({.argv = {"docker", "network", "create", d.app_.project + "_backend"}}, soon());
         return true;
       }},
  };
  const auto spoil = spoils.find({step, chosen()});
  return spoil != spoils.end() && spoil->second();
}

}  // namespace labctl::agent
