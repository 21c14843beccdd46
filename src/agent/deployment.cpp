#include "agent/deployment.hpp"

#include "agent/transfer.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "contract/schedules.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace labctl::agent {

using namespace std::chrono_literals;

namespace {

Role role_in(const contract::Placement& at, const std::string& node) {
  if (node == at.master) return Role::master;
  return node == at.slave ? Role::slave : Role::none;
}

}  // namespace

Deployment::Deployment(LocalNode& node, std::string event_id, contract::AppName app, const StepTable& table)
    : steps_(node, std::move(event_id), std::move(app)), table_(table) {}

Role Deployment::role_of(const std::string& name) const {
  if (!steps_.old) return Role::none;
  if (steps_.old->deploy_id == steps_.event_id) {
    // The new master has already published, so KV has the new placement. Only the old clone shows this node's
    // old role. It was not the master, because the new master waits for the old one.
    return steps_.old_directory && std::filesystem::exists(*steps_.old_directory) ? Role::slave : Role::none;
  }
  return role_in(steps_.old->at, name);
}

Role Deployment::new_role() const { return role_in(steps_.request->at, steps_.node.settings.node); }

// Every node validates before its first step.
void Deployment::validate() {
  for (const auto& name : steps_.request->at.nodes()) {
    if (!steps_.node.knows(name)) throw Error(Kind::not_found, "not a member of the cluster", name);
  }
}

void Deployment::perform(Step step) {
  const auto start = Deadline::in(0s);
  spdlog::info("{}: {}", steps_.app.app, to_string(step));
  try {
    table_.at(step)(steps_);
  } catch (...) {
    spdlog::error("{}: {} failed: {}", steps_.app.app, to_string(step), current_error().line());
    throw;
  }
  spdlog::info("{}: {} took {} ms", steps_.app.app, to_string(step), start.elapsed().count());
}

// Recovers if a deployment ends before all steps have succeeded, whatever the exception.
class Deployment::Recovery {
public:
  explicit Recovery(Deployment& deployment, std::span<const Step> plan)
      : deployment_(deployment), rest_(plan) {}
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;
  ~Recovery() {
    if (!under_way_) return;
    const InterruptShield shield;
    deployment_.steps_.attempt("recover", [&] {
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
  steps_.request = request;
  steps_.load();
  steps_.from = role_of(steps_.node.settings.node);
  steps_.to = new_role();
  const bool published = steps_.old && steps_.old->deploy_id == steps_.event_id;
  spdlog::info("{}: deploy {}, from {} to {}", steps_.app.app, steps_.event_id, to_string(steps_.from),
               to_string(steps_.to));
  if (published && steps_.to == Role::master)
    throw Error(Kind::conflict, "this event is in KV already", steps_.app.app);
  validate();
  {
    Recovery recovery(*this, deploy_plan(steps_.from, steps_.to, steps_.old.has_value()));
    try {
      while (const auto step = recovery.next()) perform(*step);
    } catch (const CalledOff&) {
      steps_.called_off = true;
      throw;
    }
  }
  if (table_.sweeps) sweep();
}

void Deployment::destroy() {
  steps_.load();
  steps_.from = role_of(steps_.node.settings.node);
  spdlog::info("{}: destroy {}, as {}", steps_.app.app, steps_.event_id, to_string(steps_.from));
  std::optional<Error> first;
  for (Step step : destroy_plan(steps_.from)) {
    try {
      perform(step);
    } catch (...) {
      const Error error = current_error();
      if (step == Step::snapshot || error.kind() == Kind::interrupted)
        throw;  // without a snapshot nothing may be deleted
      if (!first) first = error;
    }
  }
  if (table_.sweeps) sweep();
  if (first) throw *first;
}

// Undoes what the failed event did, unless this node has released the app or has published it.
void Deployment::recover() {
  if (steps_.progress.released || steps_.progress.published) return;
  const bool moves = steps_.from == Role::master && steps_.to != Role::master;
  const bool arrives = steps_.from != Role::master && steps_.to == Role::master && steps_.old;
  // After the call-off the other master does not stop, or stops waiting. The slaves wait for the publication,
  // so they keep their roles.
  if (steps_.old && (steps_.from == Role::master || steps_.to == Role::master)) {
    steps_.attempt("call the deployment off", [&] {
      if (!called_off(steps_.node, steps_.app.app, steps_.event_id))
        call_off(steps_.node, steps_.app.app, steps_.event_id);
    });
  }
  if (steps_.progress.started)
    steps_.attempt("stop the new containers", [&] { steps_.new_compose().down(); });
  if (arrives && steps_.progress.restored)
    steps_.attempt("remove the restored volumes", [&] { steps_.down_volumes(); });
  if (steps_.progress.stopped && moves && !steps_.called_off) {
    // Other handlers treat any key under migrate/N/ as permission to start, but without a key they would wait
    // 20 minutes.
    steps_.attempt("put the failure mark", [&] {
      put_mark(steps_.node, steps_.app.app, "failure", {steps_.event_id, {}});
    });
  }
  serve_again();
  if (steps_.progress.cloned) steps_.attempt("remove the new clone", [&] { steps_.drop_clone(); });
}

// The new deployment is already published, so the remaining steps run although one step failed.
void Deployment::finish(std::span<const Step> rest) {
  if (!steps_.progress.confirmed && !steps_.progress.published) return;
  for (const Step step : rest) {
    if (step == Step::clean_old && interrupted() != 0) break;
    steps_.attempt("finish", [&] { perform(step); });
  }
}

void Deployment::serve_again() {
  if (steps_.progress.stopped) {
    steps_.attempt("start the old containers", [&] {
      if (auto compose = steps_.old_compose()) compose->up();
    });
  }
  if (steps_.progress.unscheduled) {
    steps_.attempt("schedule the old volumes again", [&] {
      const std::string copy = contract::copy_action(steps_.slave_address(steps_.old->at.slave));
      for (const auto& volume : steps_.old_volumes()) {
        steps_.node.volumes.schedule(copy, contract::copy_minutes, volume);
        steps_.node.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
      }
    });
  }
  if (steps_.progress.stopped) {
    steps_.attempt("end maintenance", [&] {
      steps_.node.consul.remove(contract::maintenance_key(steps_.app.app), Deadline::in(30s));
    });
  }
  if (steps_.progress.purge_off) {
    steps_.attempt("schedule purges again", [&] {
      for (const auto& volume : steps_.old_volumes()) {
        steps_.node.volumes.schedule(std::string(contract::purge_action), contract::purge_minutes, volume);
      }
    });
  }
}

void Deployment::undo(const contract::DeployRequest& request) {
  steps_.request = request;
  steps_.load();
  steps_.from = role_of(steps_.node.settings.node);
  steps_.to = new_role();
  if (!steps_.old || steps_.old->deploy_id == steps_.event_id ||
      (steps_.from == Role::none && steps_.to == Role::none))
    return;
  steps_.project.directory = steps_.node.clone_path(steps_.app.app, steps_.event_id);
  steps_.progress.cloned = std::filesystem::exists(steps_.project.directory);
  steps_.progress.purge_off = steps_.from == Role::slave;
  if (steps_.from == Role::master) {
    if (steps_.to != Role::master && !taken_back()) {
      spdlog::info("{}: the new master serves; leftovers on this node are removed at the app's next event",
                   steps_.app.app);
      return;
    }
    steps_.progress.stopped = steps_.progress.unscheduled = steps_.called_off = true;
    spdlog::error("{}: the process of event {} died; the old deployment serves again", steps_.app.app,
                  steps_.event_id);
  } else {
    steps_.progress.started = steps_.progress.restored = steps_.to == Role::master && steps_.progress.cloned;
    spdlog::error("{}: the process of event {} died; what it created is removed", steps_.app.app,
                  steps_.event_id);
  }
  recover();
}

// Whether this old master may serve again: the new master has called the move off, or this node calls it off
// and the new master has not published. The new master checks for a call-off before it starts containers and
// before it publishes.
bool Deployment::taken_back() {
  if (called_off(steps_.node, steps_.app.app, steps_.event_id)) return true;
  call_off(steps_.node, steps_.app.app, steps_.event_id);
  try {
    return !await_call_off_heard(steps_.node, steps_.app.app, steps_.event_id, steps_.old->deploy_id,
                                 steps_.request->at.master);
  } catch (...) {
    spdlog::warn("{}: {}", steps_.app.app, current_error().line());
    return true;
  }
}

// Removes what earlier deployments left because this node missed their end: clones, and schedules that its
// new role does not need. The record in KV is not enough to find them: the new master may have replaced it
// before this node read it.
void Deployment::sweep() {
  steps_.attempt("remove older clones", [&] {
    for (const auto& path : steps_.node.clones(steps_.app.app)) {
      if (steps_.to == Role::none || path != steps_.node.clone_path(steps_.app.app, steps_.event_id))
        steps_.retire(path);
    }
  });
  if (steps_.to == Role::master) return;
  steps_.attempt("remove older schedules", [&] {
    for (const auto& job : steps_.node.volumes.scheduled()) {
      if (!job.volume.starts_with(steps_.app.project + "_")) continue;
      const auto& kept = steps_.project.volumes;
      const bool mine = steps_.to == Role::slave && job.action == contract::purge_action &&
                        std::find(kept.begin(), kept.end(), job.volume) != kept.end();
      if (mine) continue;
      spdlog::info("{}: removing {} of {}", steps_.app.app, job.action, job.volume);
      steps_.node.volumes.schedule(job.action, 0, job.volume);
    }
  });
}

}  // namespace labctl::agent
