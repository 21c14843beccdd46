#pragma once

#include <string_view>
#include <vector>

namespace labctl::agent {

// What a node is to an app.
enum class Role { master, slave, none };

// The blocks an event is made of (contract 4.1). Names as they appear in the log.
enum class Step {
  clone,     // into /deploy/N-EID
  check,     // everything the repository says, before anything is touched
  images,    // pull, and build where a service builds
  hot_send,  // snapshot and send each old volume to the new master, while it runs
  maintenance_on,
  down,  // the old directory
  unschedule,
  clear_marks,     // delete migrate/N/
  snapshot,        // each old volume
  cold_send,       // snapshot and send again, now that nothing writes
  release,         // put migrate/N/success
  wait_published,  // until the new master serves: what is here is kept as long as it may be needed again
  deregister,
  down_volumes,  // what `down -v` would do now: the volumes
  drop_clone,    // the clone was made for `check` only
  purge_off,     // old volumes
  purge_on,      // new volumes
  wait_release,  // until the old master releases
  restore,       // new volumes that are old ones too
  pre_up,        // update.sh
  up,
  schedule,
  publish,
  clean_old,  // remove the old directory, and volumes that the new compose file has no more
  forget,     // delete app/N
};

std::string_view to_string(Role role);
std::string_view to_string(Step step);

// What one node does for a deploy event: contract 4.2, with three differences. Whoever acts clones and checks
// first, so that a bad repository is refused by every node before anything is touched; images are there
// before the old containers stop; and the old master gives nothing up before the new one serves.
const std::vector<Step>& deploy_plan(Role from, Role to, bool old_master_exists);

// Contract 4.3.
const std::vector<Step>& destroy_plan(Role role);

}  // namespace labctl::agent
