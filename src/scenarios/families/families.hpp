#pragma once

#include "runner/scenario.hpp"

#include <string>
#include <vector>

// The scenarios: one function per family, one file per function. `nodes` are N1 to N4 of the catalogue, in
// this order.
namespace labctl::scenarios {

using Nodes = std::vector<std::string>;
using Scenarios = std::vector<runner::Scenario>;

Scenarios new_service(const Nodes& nodes);     // from nowhere to a master with a slave, or alone
Scenarios switches(const Nodes& nodes);        // reverse, redeploy, move
Scenarios volume_changes(const Nodes& nodes);  // a volume is added or removed between two deployments
Scenarios master_only(const Nodes& nodes);     // move, redeploy without a slave
Scenarios slave_changes(const Nodes& nodes);   // a slave is added or removed
Scenarios migrations(const Nodes& nodes);      // data of one app into another
Scenarios update_scripts(const Nodes& nodes);  // update.sh requested, or not
Scenarios builds(const Nodes& nodes);          // relative binds, an image built from a symlink
Scenarios maintenance(const Nodes& nodes);     // proxies while the maintenance key exists
Scenarios events(const Nodes& nodes);          // events with an unknown name
Scenarios refusals(const Nodes& nodes);  // deployments that must fail and leave the old instance serving

}  // namespace labctl::scenarios
