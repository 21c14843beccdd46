#include "agent/step_table.hpp"

namespace labctl::agent {

StepTable::StepTable()
    : actions_{
          {Step::clone, &Steps::clone},
          {Step::check, &Steps::check},
          {Step::images, &Steps::images},
          {Step::hot_send, &Steps::hot_send},
          {Step::maintenance_on, &Steps::maintenance_on},
          {Step::down, &Steps::down},
          {Step::unschedule, &Steps::unschedule},
          {Step::clear_marks, &Steps::clear_marks},
          {Step::snapshot, &Steps::snapshot},
          {Step::cold_send, &Steps::cold_send},
          {Step::release, &Steps::release},
          {Step::wait_published, &Steps::wait_published},
          {Step::deregister, &Steps::deregister},
          {Step::down_volumes, &Steps::down_volumes},
          {Step::drop_clone, &Steps::drop_clone},
          {Step::purge_off, &Steps::purge_off},
          {Step::purge_on, &Steps::purge_on},
          {Step::wait_release, &Steps::wait_release},
          {Step::restore, &Steps::restore},
          {Step::pre_up, &Steps::pre_up},
          {Step::up, &Steps::up},
          {Step::schedule, &Steps::schedule},
          {Step::publish, &Steps::publish},
          {Step::clean_old, &Steps::clean_old},
          {Step::forget, &Steps::forget},
      } {}

std::vector<Step> StepTable::steps() const {
  std::vector<Step> all;
  for (const auto& [step, action] : actions_) all.push_back(step);
  return all;
}

}  // namespace labctl::agent
