#pragma once

#include <string_view>
#include <vector>

namespace labctl::agent {

// The role of a node for an app.
enum class Role { master, slave, none };

// The steps of an event (contract 4.1). The names appear in the log.
enum class Step {
  clone,     // into /deploy/N-EID
  check,     // everything in the repository, before any change
  images,    // pull, and build where a service builds
  hot_send,  // snapshot and send each old volume to the new master, while it runs
  maintenance_on,
  down,  // the old directory
  unschedule,
  clear_marks,     // delete migrate/N/
  snapshot,        // each old volume
  cold_send,       // snapshot and send again, after all writers have stopped
  release,         // put migrate/N/success
  wait_published,  // until the new master serves: the old data may be needed again until then
  deregister,
  down_volumes,  // the volumes, as `down -v` would remove
  drop_clone,    // the clone was made for `check` only
  purge_off,     // old volumes
  purge_on,      // new volumes
  wait_release,  // until the old master releases
  restore,       // volumes that old and new have in common
  pre_up,        // update.sh
  up,
  schedule,
  publish,
  clean_old,  // remove the old directory, and volumes that the new compose file no longer has
  forget,     // delete app/N
};

std::string_view to_string(Role role);
std::string_view to_string(Step step);

// The steps of one node for a deploy event: contract 4.2, with three differences. Every acting node clones
// and checks first, so that all nodes reject a bad repository before any change. Images are present before
// the old containers stop. The old master removes nothing before the new one serves.
const std::vector<Step>& deploy_plan(Role from, Role to, bool old_master_exists);

// Contract 4.3.
const std::vector<Step>& destroy_plan(Role role);

}  // namespace labctl::agent
