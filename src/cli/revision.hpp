#pragma once

namespace labctl::cli {

// The git revision that the program was built from, or "unknown"; written by cmake/WriteRevision.cmake.
extern const char* const revision;

}  // namespace labctl::cli
