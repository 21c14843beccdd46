#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <filesystem>
#include <optional>
#include <vector>

namespace labctl::cli {

// Writes a .tar.gz (mode 0600) for support: findings, effective inventory, the daemon's status, the end of
// its log, versions. It has names of key files, never their content.
void write_bundle(const std::filesystem::path& file, const std::optional<inventory::Inventory>& inventory,
                  const doctor::Observations& seen, const std::vector<doctor::Finding>& findings);

}  // namespace labctl::cli
