#include "scenarios/shoulds/placement.hpp"

#include "scenarios/shoulds/placement_shoulds.hpp"

namespace labctl::scenarios {

std::string both(const Placement& at) { return at.slave ? at.master + " and " + *at.slave : at.master; }

runner::Block<Placed> placement(const TestService& service, const Placement& at) {
  runner::Block<Placed> block;
  key_shoulds(block, service, at);
  clone_shoulds(block, at);
  volume_shoulds(block, service, at);
  schedule_shoulds(block, service, at);
  service_shoulds(block, at);
  container_shoulds(block, service, at);
  return block;
}

}  // namespace labctl::scenarios
