#pragma once

#include <set>
#include <string>

namespace labctl::lab {

// The command that makes what find_artifacts() looks for.
std::string setup_command(const std::set<std::string>& oses);

// Runs that command if labctl is installed; in a checkout, tools/labctl does so. It says on stderr what it
// makes, and ends in an instant if everything is there and current. Error{lab} if it fails; an interrupt ends
// it first.
void prepare_artifacts(const std::set<std::string>& oses);

}  // namespace labctl::lab
