#include "agent/steps.hpp"

#include "agent/transfer.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "contract/schedules.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

// The steps of contract 4.1. Order and roles: roles.cpp; what happens when one fails: deployment.cpp.
namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

std::string now_as_deploy_date() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return contract::format_deploy_date(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

}  // namespace

Steps::Steps(LocalNode& on, std::string event, contract::AppName of)
    : node(on), event_id(std::move(event)), app(std::move(of)) {}

void Steps::load() {
  old = node.record(app.app);
  if (old) old_directory = node.old_clone(app, *old, event_id);
}

const std::vector<std::string>& Steps::old_volumes() {
  if (!known_old_volumes) {
    known_old_volumes.emplace();
    if (old && !old->volumes.empty()) {
      known_old_volumes = old->volumes;
    } else if (old_directory && std::filesystem::exists(*old_directory / "docker-compose.yml")) {
      attempt("read the old docker-compose.yml",
              [&] { known_old_volumes = read_project(node.settings, app, *old_directory).volumes; });
    }
  }
  return *known_old_volumes;
}

void Steps::attempt(const char* what, const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    spdlog::error("{}: cannot {}: {}", app.app, what, current_error().line());
  }
}

std::optional<std::string> Steps::slave_address(const std::optional<std::string>& slave) {
  if (!slave) return std::nullopt;
  return node.address_of(*slave);
}

std::optional<ComposeRunner> Steps::old_compose() {
  if (old_directory && std::filesystem::exists(*old_directory))
    return ComposeRunner(app.project, *old_directory);
  spdlog::warn("{}: the clone of the running deployment is not here", app.app);
  return std::nullopt;
}

void Steps::clone() {
  project.directory = node.clone_path(app.app, event_id);
  progress.cloned = true;
  clone_repository(node.settings, app, project.directory, [&] { deploy_date = now_as_deploy_date(); });
}

void Steps::check() {
  project = read_project(node.settings, app, project.directory);
  check_project(project, app, request->at.master, node.all_records());
}

void Steps::images() { new_compose().images(project.compose, node.settings); }

// Throws if the other master has called the move off: a new master that cannot start, or an old master that
// has taken the app back. Only labctl's handler calls off.
void Steps::stop_if_called_off() {
  if (!old || (from == Role::master) == (to == Role::master)) return;
  if (hear_call_off(node, app.app, event_id))
    throw CalledOff(to == Role::master ? old->at.master : request->at.master);
}

void Steps::maintenance_on() {
  stop_if_called_off();
  progress.stopped = true;
  node.consul.put(contract::maintenance_key(app.app), "", Deadline::in(1min));
}

void Steps::down() {
  if (auto compose = old_compose()) compose->down();
}

void Steps::unschedule() {
  progress.unscheduled = true;
  std::string copy = "snapshot";
  if (old->at.slave)
    copy = node.knows(*old->at.slave) ? contract::copy_action(node.address_of(*old->at.slave)) : "";
  std::vector<Job> jobs;
  if (copy.empty())
    jobs = node.volumes.scheduled();  // the slave has left the cluster: the schedules have its address
  for (const auto& volume : old_volumes()) {
    if (!copy.empty()) node.volumes.schedule(copy, 0, volume);
    for (const auto& job : jobs) {
      if (job.volume == volume && job.action.starts_with("replicate:"))
        node.volumes.schedule(job.action, 0, volume);
    }
  }
  for (const auto& volume : old_volumes())
    node.volumes.schedule(std::string(contract::purge_action), 0, volume);
}

void Steps::clear_marks() {
  stop_if_called_off();
  clear_call_off(node, app.app);
  clear_marks_of_app();
}

void Steps::clear_marks_of_app() {
  node.consul.remove_prefix(contract::migrate_prefix(app.app), Deadline::in(1min));
}

void Steps::snapshot() { snapshot_volumes(node, old_volumes()); }

std::map<std::string, std::string> Steps::send_all() {
  return send_volumes(node, old_volumes(), node.address_of(request->at.master));
}

void Steps::hot_send() { send_all(); }
void Steps::cold_send() { mark = {event_id, send_all()}; }

void Steps::release() {
  stop_if_called_off();
  put_mark(node, app.app, "success", mark);
  progress.released = true;
}

void Steps::wait_published() {
  try {
    await_publication(node, app.app, event_id, old->deploy_id, request->at.master);
    progress.confirmed = true;
  } catch (const CalledOff&) {
    if (from != Role::master) throw;
    progress.released = false;  // all data is still here: this node serves again
    attempt("clear the marks", [&] { clear_marks_of_app(); });
    throw;
  }
}

void Steps::deregister() { node.consul.deregister_service(app.app, Deadline::in(1min)); }

void Steps::down_volumes() {
  for (const auto& volume : node.docker.volumes(app.project + "_", Deadline::in(1min)))
    node.docker.remove_volume(volume.name, Deadline::in(1min));
}

void Steps::drop_clone() {
  std::filesystem::remove_all(node.clone_path(app.app, event_id));
  progress.cloned = false;
}

void Steps::purge_off() {
  progress.purge_off = true;
  for (const auto& volume : old_volumes())
    node.volumes.schedule(std::string(contract::purge_action), 0, volume);
}

void Steps::purge_on() {
  for (const auto& volume : project.volumes) {
    node.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
  }
}

void Steps::wait_release() { mark = await_release(node, app.app, event_id, old->at.master); }

void Steps::restore() {
  progress.restored = true;
  for (const auto& volume : project.volumes) {
    if (std::find(old_volumes().begin(), old_volumes().end(), volume) == old_volumes().end()) continue;
    const auto sent = mark.snapshots.find(volume);
    const std::string source = sent != mark.snapshots.end() ? sent->second : youngest_snapshot(node, volume);
    if (source.empty()) {
      spdlog::warn("{}: no snapshot of {} was sent, it starts empty", app.app, volume);
      continue;
    }
    node.volumes.restore(source);
  }
}

void Steps::pre_up() {
  if (!request->update) return;
  if (!new_compose().script("update.sh", {"-r", app.repo_url, "-b", app.branch})) {
    spdlog::warn("{}: an update is asked for, but there is no update.sh", app.app);
  }
}

void Steps::up() {
  stop_if_called_off();
  progress.started = true;
  new_compose().up();
}

void Steps::schedule() {
  const std::string copy = contract::copy_action(slave_address(request->at.slave));
  for (const auto& volume : project.volumes) node.volumes.schedule(copy, contract::copy_minutes, volume);
  purge_on();
}

contract::Record Steps::new_record() {
  contract::Record record;
  record.haproxy = project.haproxy;
  record.caddyfile = contract::render_caddyfile(project.sites);
  record.repo_url = app.repo_url;
  record.branch = app.branch;
  record.deploy_date = deploy_date;
  record.deploy_id = event_id;
  if (old && !old->deploy_id.empty()) record.previous_deploy_id = old->deploy_id;
  record.domains = contract::site_domains(project.sites);
  record.urls = join(contract::site_keys(project.sites), ", ");
  record.ip = node.address_of(node.settings.node);
  record.at.master = request->at.master;
  record.at.slave = request->at.slave;
  record.ct = project.containers;
  record.volumes = project.volumes;
  return record;
}

void Steps::publish() { publish_as(new_record()); }

void Steps::publish_as(const contract::Record& record) {
  stop_if_called_off();
  node.consul.put(contract::app_key(app.app), contract::to_text(record), Deadline::in(1min));
  progress.published = true;

  const auto own_body = project.directory / "service.json";
  std::vector<std::string> urls = contract::site_keys(project.sites);
  urls.insert(urls.end(), project.check_urls.begin(), project.check_urls.end());
  node.consul.register_service(
      std::filesystem::exists(own_body) ? read_file(own_body) : contract::registration(app.app, urls),
      Deadline::in(1min));
  node.consul.remove(contract::maintenance_key(app.app), Deadline::in(1min));
}

void Steps::clean_old() {
  if (from == Role::master && to == Role::master) {
    // The step `snapshot` of this event has taken their last snapshot.
    for (const auto& volume : old_volumes()) {
      const bool kept =
          std::find(project.volumes.begin(), project.volumes.end(), volume) != project.volumes.end();
      if (kept || !node.has_managed_volume(volume)) continue;
      spdlog::info("{}: removing volume {}, which is no longer in the compose file", app.app, volume);
      node.docker.remove_volume(volume, Deadline::in(1min));
    }
  }
  if (!old_directory) return;
  if (from == Role::master) {
    std::filesystem::remove_all(*old_directory);
  } else {
    retire(*old_directory);
  }
}

void Steps::forget() {
  node.consul.remove(contract::app_key(app.app), Deadline::in(1min));
  clear_call_off(node, app.app);
}

// Removes a clone that this node no longer needs. If the node was the master and missed the move, the old
// containers may still run and the volumes may still exist: they are removed after a last snapshot.
void Steps::retire(const std::filesystem::path& clone) {
  if (!std::filesystem::exists(clone)) return;
  if (to != Role::master && !node.docker.volumes(app.project + "_", Deadline::in(1min)).empty()) {
    spdlog::warn("{}: {} belongs to a deployment that has moved to another node; it is removed here", app.app,
                 clone.string());
    attempt("end what is left of it", [&] {
      ComposeRunner(app.project, clone).down();
      snapshot_volumes(node, read_project(node.settings, app, clone).volumes);
      down_volumes();
    });
  }
  spdlog::info("{}: removing {}", app.app, clone.string());
  std::filesystem::remove_all(clone);
}

}  // namespace labctl::agent
