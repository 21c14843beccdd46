#include "agent/roles.hpp"

#include <array>
#include <cstddef>

namespace labctl::agent {
namespace {

using enum Step;

struct Row {
  Role from, to;
  bool old_master_exists;
  std::vector<Step> steps;
};

const std::array<Row, 11>& rows() {
  static const std::array<Row, 11> table{{
      {Role::master,
       Role::master,
       true,
       {clone, check, images, maintenance_on, down, unschedule, clear_marks, snapshot, pre_up, up, schedule,
        publish, clean_old}},
      {Role::master,
       Role::slave,
       true,
       {clone, check, hot_send, maintenance_on, down, unschedule, clear_marks, cold_send, release,
        wait_published, deregister, down_volumes, purge_on, clean_old}},
      {Role::master,
       Role::none,
       true,
       {clone, check, hot_send, maintenance_on, down, unschedule, clear_marks, cold_send, release,
        wait_published, deregister, down_volumes, drop_clone, clean_old}},
      {Role::slave,
       Role::master,
       true,
       {clone, check, images, purge_off, wait_release, restore, pre_up, up, schedule, publish, clean_old}},
      {Role::slave, Role::slave, true, {clone, check, wait_published, purge_off, purge_on, clean_old}},
      {Role::slave, Role::none, true, {clone, check, wait_published, purge_off, drop_clone, clean_old}},
      {Role::none,
       Role::master,
       true,
       {clone, check, images, wait_release, restore, pre_up, up, schedule, publish}},
      {Role::none, Role::master, false, {clone, check, images, pre_up, up, schedule, publish}},
      {Role::none, Role::slave, true, {clone, check, wait_published, purge_on}},
      {Role::none, Role::slave, false, {clone, check, purge_on}},
      {Role::none, Role::none, true, {}},
  }};
  return table;
}

}  // namespace

std::string_view to_string(Role role) {
  static constexpr std::array<std::string_view, 3> names{"master", "slave", "none"};
  return names.at(static_cast<std::size_t>(role));
}

std::string_view to_string(Step step) {
  static constexpr std::array<std::string_view, 25> names{
      "clone",       "check",     "images",    "hot_send",     "maintenance_on", "down",       "unschedule",
      "clear_marks", "snapshot",  "cold_send", "release",      "wait_published", "deregister", "down_volumes",
      "drop_clone",  "purge_off", "purge_on",  "wait_release", "restore",        "pre_up",     "up",
      "schedule",    "publish",   "clean_old", "forget"};
  return names.at(static_cast<std::size_t>(step));
}

const std::vector<Step>& deploy_plan(Role from, Role to, bool old_master_exists) {
  static const std::vector<Step> nothing;
  // Only a node without an old role has different steps with and without an old master.
  const bool matters = from == Role::none && to != Role::none;
  for (const auto& row : rows()) {
    if (row.from == from && row.to == to && (!matters || row.old_master_exists == old_master_exists))
      return row.steps;
  }
  return nothing;
}

const std::vector<Step>& destroy_plan(Role role) {
  static const std::vector<Step> master{down,     deregister,   unschedule, forget,
                                        snapshot, down_volumes, clean_old};
  static const std::vector<Step> slave{purge_off, clean_old};
  static const std::vector<Step> none;
  return role == Role::master ? master : role == Role::slave ? slave : none;
}

}  // namespace labctl::agent
