#pragma once

#include <string>

// How Caddy 1 means the paths of a directive.
namespace labctl::agent {

// As a Caddy 2 path: those of Caddy 1 are prefixes.
inline std::string prefix(const std::string& path) { return path.ends_with('*') ? path : path + "*"; }

inline bool whole_site(const std::string& path) { return path == "/" || path.empty(); }

}  // namespace labctl::agent
