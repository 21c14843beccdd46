#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"
#include "inventory/inventory.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

// A bundle: a .tar.gz with what was seen at one time, for support, or for a look at it later. Secrets in it
// are masked (base/masked.hpp); it has names of key files, never their content.
namespace labctl::cli {

using BundleFiles = std::map<std::string, std::string>;  // path in the archive -> text

// The doctor's part: observations.json (doctor/recorded.hpp), findings.json, versions.txt, and as far as they
// are known inventory.json, tunnels.json (the daemon's status) and daemon.log (its end).
BundleFiles doctor_files(const std::optional<inventory::Inventory>& inventory,
                         const doctor::Observations& seen, const std::vector<doctor::Finding>& findings);

// Writes the archive with mode 0600, as a whole or not at all.
void write_bundle(const std::filesystem::path& file, const BundleFiles& files);

// The text of one file of the archive; nullopt if the archive does not have it. Nothing is written to disk.
// Error{not_found} without an archive, Error{invalid} if it cannot be read.
std::optional<std::string> read_from_bundle(const std::filesystem::path& file, const std::string& path);

}  // namespace labctl::cli
