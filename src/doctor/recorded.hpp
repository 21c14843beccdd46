#pragma once

#include "doctor/observations.hpp"

#include <string>
#include <string_view>

// Observations as text, so that a later process, on another machine, can make its findings from them.
namespace labctl::doctor {

inline constexpr int record_format = 1;

// JSON, with secrets masked (base/masked.hpp). What diagnose() and summarize() say about the observations
// that parse_observations() makes of it is the same, up to what was masked.
std::string to_json_text(const Observations& seen);

// Error{invalid} with `where` for a malformed text or another format.
Observations parse_observations(std::string_view text, const std::string& where);

}  // namespace labctl::doctor
