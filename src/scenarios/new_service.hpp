#pragma once

#include "runner/scenario.hpp"

#include <string>

namespace labctl::scenarios {

// A service that was nowhere is deployed on a master with a slave: None → master/slave.
runner::Scenario new_service(const std::string& master, const std::string& slave);

}  // namespace labctl::scenarios
