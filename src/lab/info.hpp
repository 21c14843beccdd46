#pragma once

#include "lab/lab.hpp"

#include <string>

namespace labctl::lab {

// lab.json: the stored description of a lab.
std::string to_json(const LabInfo& lab);
// Error{invalid} if it is malformed.
LabInfo parse_info(const std::string& json, const std::filesystem::path& source);
void save(const LabInfo& lab);

// Error{refused} with the reason unless we are root.
void require_root();

}  // namespace labctl::lab
