#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace labctl::cli {

// Writes a .tar.gz (mode 0600) to hand to whoever helps: findings, effective inventory, what the daemon says,
// the end of its log, versions. Names of key files are in it, never what they hold.
void write_bundle(const std::filesystem::path& file, const std::optional<inventory::Inventory>& inventory,
                  const doctor::Observations& seen, const std::vector<doctor::Finding>& findings);

}  // namespace labctl::cli
