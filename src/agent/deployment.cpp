#include "agent/deployment.hpp"

#include "agent/mutants.hpp"
#include "agent/transfer.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "contract/schedules.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::agent {

using namespace std::chrono_literals;

struct StepTable {
  using Action = void (Deployment::*)();
  static Action action(Step step) {
    static const std::map<Step, Action> table{
        {Step::clone, &Deployment::clone},
        {Step::check, &Deployment::check},
        {Step::images, &Deployment::images},
        {Step::hot_send, &Deployment::hot_send},
        {Step::maintenance_on, &Deployment::maintenance_on},
        {Step::down, &Deployment::down},
        {Step::unschedule, &Deployment::unschedule},
        {Step::clear_marks, &Deployment::clear_marks},
        {Step::snapshot, &Deployment::snapshot},
        {Step::cold_send, &Deployment::cold_send},
        {Step::release, &Deployment::release},
        {Step::wait_published, &Deployment::wait_published},
        {Step::deregister, &Deployment::deregister},
        {Step::down_volumes, &Deployment::down_volumes},
        {Step::drop_clone, &Deployment::drop_clone},
        {Step::purge_off, &Deployment::purge_off},
        {Step::purge_on, &Deployment::purge_on},
        {Step::wait_release, &Deployment::wait_release},
        {Step::restore, &Deployment::restore},
        {Step::pre_up, &Deployment::pre_up},
        {Step::up, &Deployment::up},
        {Step::schedule, &Deployment::schedule},
        {Step::publish, &Deployment::publish},
        {Step::clean_old, &Deployment::clean_old},
        {Step::forget, &Deployment::forget},
    };
    return table.at(step);
  }
};

Deployment::Deployment(Node& node, std::string event_id, contract::AppName app)
    : node_(node), event_id_(std::move(event_id)), app_(std::move(app)) {}

void Deployment::load() {
  old_ = node_.record(app_.app);
  if (old_) old_directory_ = node_.old_clone(app_, *old_, event_id_);
}

Role Deployment::role_of(const std::string& name) const {
  if (!old_) return Role::none;
  if (old_->deploy_id == event_id_) {
    // The new master was faster: KV shows the placement that is to come. What this node was, only its own
    // folder tells; it cannot have been the master, whom the new one waits for.
    return old_directory_ && std::filesystem::exists(*old_directory_) ? Role::slave : Role::none;
  }
  return old_->master == name ? Role::master : old_->slave == name ? Role::slave : Role::none;
}

Role Deployment::new_role() const {
  const std::string& here = node_.settings.node;
  return request_->master == here ? Role::master : request_->slave == here ? Role::slave : Role::none;
}

// On every node, before any of them does anything.
void Deployment::validate() {
  for (const auto& name : {std::optional<std::string>(request_->master), request_->slave}) {
    if (name && !node_.knows(*name)) throw Error(Kind::not_found, "not a member of the cluster", *name);
  }
}

const std::vector<std::string>& Deployment::old_volumes() {
  if (!old_volumes_) {
    old_volumes_.emplace();
    if (old_ && !old_->volumes.empty()) {
      old_volumes_ = old_->volumes;
    } else if (old_directory_ && std::filesystem::exists(*old_directory_ / "docker-compose.yml")) {
      attempt("read the old docker-compose.yml",
              [&] { old_volumes_ = read_project(node_.settings, app_, *old_directory_).volumes; });
    }
  }
  return *old_volumes_;
}

void Deployment::perform(Step step) {
  const auto start = Deadline::in(0s);
  spdlog::info("{}: {}", app_.app, to_string(step));
  try {
    if (!Mutants::instead(*this, step)) (this->*StepTable::action(step))();
  } catch (...) {
    spdlog::error("{}: {} failed: {}", app_.app, to_string(step), current_error().line());
    throw;
  }
  spdlog::info("{}: {} took {} ms", app_.app, to_string(step), start.elapsed().count());
}

void Deployment::attempt(const char* what, const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    spdlog::error("{}: cannot {}: {}", app_.app, what, current_error().line());
  }
}

// Recovers when a deployment is left before its last step, whatever the exception.
class Deployment::Recovery {
public:
  explicit Recovery(Deployment& deployment, std::span<const Step> plan)
      : deployment_(deployment), rest_(plan) {}
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;
  ~Recovery() {
    if (!under_way_) return;
    const InterruptShield shield;
    deployment_.attempt("recover", [&] {
      deployment_.recover();
      deployment_.finish(rest_);
    });
  }

  // The next step, until there is none.
  std::optional<Step> next() {
    under_way_ = !rest_.empty();
    if (!under_way_) return std::nullopt;
    const Step step = rest_.front();
    rest_ = rest_.subspan(1);
    return step;
  }

private:
  Deployment& deployment_;
  std::span<const Step> rest_;
  bool under_way_ = false;
};

void Deployment::deploy(const contract::DeployRequest& request) {
  request_ = request;
  load();
  from_ = role_of(node_.settings.node);
  to_ = new_role();
  const bool published = old_ && old_->deploy_id == event_id_;
  spdlog::info("{}: deploy {}, from {} to {}", app_.app, event_id_, to_string(from_), to_string(to_));
  if (published && to_ == Role::master) throw Error(Kind::conflict, "this event is in KV already", app_.app);
  validate();
  {
    Recovery recovery(*this, deploy_plan(from_, to_, old_.has_value()));
    try {
      while (const auto step = recovery.next()) perform(*step);
    } catch (const CalledOff&) {
      called_off_ = true;
      throw;
    }
  }
  if (!Mutants::leaves_rest()) sweep();
}

void Deployment::destroy() {
  load();
  from_ = role_of(node_.settings.node);
  spdlog::info("{}: destroy {}, as {}", app_.app, event_id_, to_string(from_));
  std::optional<Error> first;
  for (Step step : destroy_plan(from_)) {
    try {
      perform(step);
    } catch (...) {
      const Error error = current_error();
      if (step == Step::snapshot || error.kind() == Kind::interrupted)
        throw;  // nothing is deleted without it
      if (!first) first = error;
    }
  }
  if (!Mutants::leaves_rest()) sweep();
  if (first) throw *first;
}

// Undoes what the failed event did, as far as the old deployment is still ours to serve.
void Deployment::recover() {
  if (progress_.released || progress_.published) return;
  const bool moves = from_ == Role::master && to_ != Role::master;
  const bool arrives = from_ != Role::master && to_ == Role::master && old_;
  // The other master need not stop or wait, and the slaves, who wait for the new one to publish, stay what
  // they were.
  if (old_ && (from_ == Role::master || to_ == Role::master)) {
    attempt("call the deployment off", [&] {
      if (!called_off(node_, app_.app, event_id_)) call_off(node_, app_.app, event_id_);
    });
  }
  if (progress_.started) attempt("stop the new containers", [&] { new_compose().down(); });
  if (arrives && progress_.restored) attempt("remove the restored volumes", [&] { down_volumes(); });
  if (progress_.stopped && moves && !called_off_) {
    // Other handlers take any word under migrate/N/ as leave to start, but without one they would wait 20
    // minutes.
    attempt("put the failure mark", [&] { put_mark(node_, app_.app, "failure", {event_id_, {}}); });
  }
  serve_again();
  if (progress_.cloned) attempt("remove the new clone", [&] { drop_clone(); });
}

// The other side works already: what does not depend on the step that failed is done all the same.
void Deployment::finish(std::span<const Step> rest) {
  if (!progress_.confirmed && !progress_.published) return;
  for (const Step step : rest) {
    if (step == Step::clean_old && interrupted() != 0) break;
    attempt("finish", [&] { perform(step); });
  }
}

void Deployment::serve_again() {
  if (progress_.stopped) {
    attempt("start the old containers", [&] {
      if (auto compose = old_compose()) compose->up();
    });
  }
  if (progress_.unscheduled) {
    attempt("schedule the old volumes again", [&] {
      const std::string copy = contract::copy_action(slave_address(old_->slave));
      for (const auto& volume : old_volumes()) {
        node_.volumes.schedule(copy, contract::copy_minutes, volume);
        node_.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
      }
    });
  }
  if (progress_.stopped) {
    attempt("end maintenance",
            [&] { node_.consul.remove(contract::maintenance_key(app_.app), Deadline::in(30s)); });
  }
  if (progress_.purge_off) {
    attempt("schedule purges again", [&] {
      for (const auto& volume : old_volumes()) {
        node_.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
      }
    });
  }
}

void Deployment::undo(const contract::DeployRequest& request) {
  request_ = request;
  load();
  from_ = role_of(node_.settings.node);
  to_ = new_role();
  if (!old_ || old_->deploy_id == event_id_ || (from_ == Role::none && to_ == Role::none)) return;
  project_.directory = node_.clone_path(app_.app, event_id_);
  progress_.cloned = std::filesystem::exists(project_.directory);
  progress_.purge_off = from_ == Role::slave;
  if (from_ == Role::master) {
    if (to_ != Role::master && !taken_back()) {
      spdlog::info("{}: the new master serves; what is left here ends with the app's next event", app_.app);
      return;
    }
    progress_.stopped = progress_.unscheduled = called_off_ = true;
    spdlog::error("{}: the process of event {} died; the old deployment serves again", app_.app, event_id_);
  } else {
    progress_.started = progress_.restored = to_ == Role::master && progress_.cloned;
    spdlog::error("{}: the process of event {} died; what it made is removed", app_.app, event_id_);
  }
  recover();
}

// Whether this old master may serve again: the new one has given up, or is told to, or is dead. Before it
// starts and before it publishes it looks whether the move is called off.
bool Deployment::taken_back() {
  if (called_off(node_, app_.app, event_id_)) return true;
  call_off(node_, app_.app, event_id_);
  try {
    return !await_call_off_heard(node_, app_.app, event_id_, old_->deploy_id, request_->master);
  } catch (...) {
    spdlog::warn("{}: {}", app_.app, current_error().line());
    return true;
  }
}

// What a node may still have of earlier deployments whose end it did not see: clones, and purge jobs of
// volumes that are not its own any more. KV alone does not tell, when the new master published before this
// node read it.
void Deployment::sweep() {
  attempt("remove older clones", [&] {
    for (const auto& path : node_.clones(app_.app)) {
      if (to_ == Role::none || path != node_.clone_path(app_.app, event_id_)) retire(path);
    }
  });
  if (to_ == Role::master) return;
  attempt("remove older schedules", [&] {
    for (const auto& job : node_.volumes.scheduled()) {
      if (!job.volume.starts_with(app_.project + "_")) continue;
      const auto& kept = project_.volumes;
      const bool mine = to_ == Role::slave && job.action == contract::purge_action &&
                        std::find(kept.begin(), kept.end(), job.volume) != kept.end();
      if (mine) continue;
      spdlog::info("{}: removing {} of {}", app_.app, job.action, job.volume);
      node_.volumes.schedule(job.action, 0, job.volume);
    }
  });
}

// Removes a clone that nothing of ours runs from any more. A node that was the master, and was away when the
// app was moved, may still run it, or have its volumes: those end with a last snapshot.
void Deployment::retire(const std::filesystem::path& clone) {
  if (!std::filesystem::exists(clone)) return;
  if (to_ != Role::master && !node_.docker.volumes(app_.project + "_", Deadline::in(1min)).empty()) {
    spdlog::warn("{}: {} is of a deployment that has moved on; it ends here", app_.app, clone.string());
    attempt("end what is left of it", [&] {
      ComposeRunner(app_.project, clone).down();
      snapshot_volumes(node_, read_project(node_.settings, app_, clone).volumes);
      down_volumes();
    });
  }
  spdlog::info("{}: removing {}", app_.app, clone.string());
  std::filesystem::remove_all(clone);
}

}  // namespace labctl::agent
