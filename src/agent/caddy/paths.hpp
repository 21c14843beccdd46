#pragma once

#include <string>
#include <string_view>

// How Caddy 1 means the paths of a directive.
namespace labctl::agent {

// As a Caddy 2 path: those of Caddy 1 are prefixes.
inline std::string prefix(const std::string& path) { return path.ends_with('*') ? path : path + "*"; }

inline bool whole_site(const std::string& path) { return path == "/" || path.empty(); }

// As it is written in a regular expression.
std::string literal(std::string_view path);

}  // namespace labctl::agent
