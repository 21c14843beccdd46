#include "agent/deployment.hpp"
#include "agent/transfer.hpp"
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

std::optional<std::string> Deployment::slave_address(const std::optional<std::string>& slave) {
  if (!slave) return std::nullopt;
  return node_.address_of(*slave);
}

std::optional<ComposeRunner> Deployment::old_compose() {
  if (old_directory_ && std::filesystem::exists(*old_directory_))
    return ComposeRunner(app_.project, *old_directory_);
  spdlog::warn("{}: the clone of the running deployment is not here", app_.app);
  return std::nullopt;
}

void Deployment::clone() {
  project_.directory = node_.clone_path(app_.app, event_id_);
  progress_.cloned = true;
  clone_repository(node_.settings, app_, project_.directory, [&] { deploy_date_ = now_as_deploy_date(); });
}

void Deployment::check() {
  project_ = read_project(node_.settings, app_, project_.directory);
  check_project(project_, app_, request_->master, node_.all_records());
}

void Deployment::images() { new_compose().images(project_.compose, node_.settings); }

// A new master that cannot start says so, if it is one of ours, and so does an old one that has taken the app
// back.
void Deployment::stop_if_called_off() {
  if (!old_ || (from_ == Role::master) == (to_ == Role::master)) return;
  if (hear_call_off(node_, app_.app, event_id_))
    throw CalledOff(to_ == Role::master ? old_->master : request_->master);
}

void Deployment::maintenance_on() {
  stop_if_called_off();
  progress_.stopped = true;
  node_.consul.put(contract::maintenance_key(app_.app), "", Deadline::in(1min));
}

void Deployment::down() {
  if (auto compose = old_compose()) compose->down();
}

void Deployment::unschedule() {
  progress_.unscheduled = true;
  std::string copy = "snapshot";
  if (old_->slave)
    copy = node_.knows(*old_->slave) ? contract::copy_action(node_.address_of(*old_->slave)) : "";
  std::vector<Job> jobs;
  if (copy.empty())
    jobs = node_.volumes.scheduled();  // the slave has left the cluster: its address is in the job
  for (const auto& volume : old_volumes()) {
    if (!copy.empty()) node_.volumes.schedule(copy, 0, volume);
    for (const auto& job : jobs) {
      if (job.volume == volume && job.action.starts_with("replicate:"))
        node_.volumes.schedule(job.action, 0, volume);
    }
  }
  for (const auto& volume : old_volumes())
    node_.volumes.schedule(std::string(contract::purge_action), 0, volume);
}

void Deployment::clear_marks() {
  stop_if_called_off();
  clear_call_off(node_, app_.app);
  clear_marks_of_app();
}

void Deployment::clear_marks_of_app() {
  node_.consul.remove_prefix(contract::migrate_prefix(app_.app), Deadline::in(1min));
}

void Deployment::snapshot() { snapshot_volumes(node_, old_volumes()); }

std::map<std::string, std::string> Deployment::send_all() {
  return send_volumes(node_, old_volumes(), node_.address_of(request_->master));
}

void Deployment::hot_send() { send_all(); }
void Deployment::cold_send() { mark_ = {event_id_, send_all()}; }

void Deployment::release() {
  stop_if_called_off();
  put_mark(node_, app_.app, "success", mark_);
  progress_.released = true;
}

void Deployment::wait_published() {
  try {
    await_publication(node_, app_.app, event_id_, old_->deploy_id, request_->master);
    progress_.confirmed = true;
  } catch (const CalledOff&) {
    if (from_ != Role::master) throw;
    progress_.released = false;  // all is here still: it serves again
    attempt("clear the marks", [&] { clear_marks_of_app(); });
    throw;
  }
}

void Deployment::deregister() { node_.consul.deregister_service(app_.app, Deadline::in(1min)); }

void Deployment::down_volumes() {
  for (const auto& volume : node_.docker.volumes(app_.project + "_", Deadline::in(1min)))
    node_.docker.remove_volume(volume.name, Deadline::in(1min));
}

void Deployment::drop_clone() {
  std::filesystem::remove_all(node_.clone_path(app_.app, event_id_));
  progress_.cloned = false;
}

void Deployment::purge_off() {
  progress_.purge_off = true;
  for (const auto& volume : old_volumes())
    node_.volumes.schedule(std::string(contract::purge_action), 0, volume);
}

void Deployment::purge_on() {
  for (const auto& volume : project_.volumes) {
    node_.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
  }
}

void Deployment::wait_release() { mark_ = await_release(node_, app_.app, event_id_, old_->master); }

void Deployment::restore() {
  progress_.restored = true;
  for (const auto& volume : project_.volumes) {
    if (std::find(old_volumes().begin(), old_volumes().end(), volume) == old_volumes().end()) continue;
    const auto sent = mark_.snapshots.find(volume);
    const std::string source =
        sent != mark_.snapshots.end() ? sent->second : youngest_snapshot(node_, volume);
    if (source.empty()) {
      spdlog::warn("{}: no snapshot of {} was sent, it starts empty", app_.app, volume);
      continue;
    }
    node_.volumes.restore(source);
  }
}

void Deployment::pre_up() {
  if (!request_->update) return;
  if (!new_compose().script("update.sh", {"-r", app_.repo_url, "-b", app_.branch})) {
    spdlog::warn("{}: an update is asked for, but there is no update.sh", app_.app);
  }
}

void Deployment::up() {
  stop_if_called_off();
  progress_.started = true;
  new_compose().up();
}

void Deployment::schedule() {
  const std::string copy = contract::copy_action(slave_address(request_->slave));
  for (const auto& volume : project_.volumes) node_.volumes.schedule(copy, contract::copy_minutes, volume);
  purge_on();
}

contract::Record Deployment::new_record() {
  contract::Record record;
  record.haproxy = project_.haproxy;
  record.caddyfile = contract::render_caddyfile(project_.sites);
  record.repo_url = app_.repo_url;
  record.branch = app_.branch;
  record.deploy_date = deploy_date_;
  record.deploy_id = event_id_;
  if (old_ && !old_->deploy_id.empty()) record.previous_deploy_id = old_->deploy_id;
  record.domains = contract::site_domains(project_.sites);
  record.urls = join(contract::site_keys(project_.sites), ", ");
  record.ip = node_.address_of(node_.settings.node);
  record.master = request_->master;
  record.slave = request_->slave;
  record.ct = project_.containers;
  record.volumes = project_.volumes;
  return record;
}

void Deployment::publish() { publish(new_record()); }

void Deployment::publish(const contract::Record& record) {
  stop_if_called_off();
  node_.consul.put(contract::app_key(app_.app), contract::to_text(record), Deadline::in(1min));
  progress_.published = true;

  const auto own_body = project_.directory / "service.json";
  std::vector<std::string> urls = contract::site_keys(project_.sites);
  urls.insert(urls.end(), project_.check_urls.begin(), project_.check_urls.end());
  node_.consul.register_service(
      std::filesystem::exists(own_body) ? read_file(own_body) : contract::registration(app_.app, urls),
      Deadline::in(1min));
  node_.consul.remove(contract::maintenance_key(app_.app), Deadline::in(1min));
}

void Deployment::clean_old() {
  if (from_ == Role::master && to_ == Role::master) {
    // Their last snapshot was taken in this event.
    for (const auto& volume : old_volumes()) {
      const bool kept =
          std::find(project_.volumes.begin(), project_.volumes.end(), volume) != project_.volumes.end();
      if (kept || !node_.has_managed_volume(volume)) continue;
      spdlog::info("{}: removing volume {}, which the compose file has no more", app_.app, volume);
      node_.docker.remove_volume(volume, Deadline::in(1min));
    }
  }
  if (!old_directory_) return;
  if (from_ == Role::master) {
    std::filesystem::remove_all(*old_directory_);
  } else {
    retire(*old_directory_);
  }
}

void Deployment::forget() {
  node_.consul.remove(contract::app_key(app_.app), Deadline::in(1min));
  clear_call_off(node_, app_.app);
}

}  // namespace labctl::agent
