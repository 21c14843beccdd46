#pragma once

#include "agent/settings.hpp"

#include <filesystem>

namespace labctl::agent {

// What consul-template runs after it wrote a configuration. A proxy that cannot be told is restarted; one
// that does not exist (yet), or that somebody stopped, reads the file when it starts. None is an error, for
// an error would end consul-template.

// SIGHUP to cluster_haproxy_1.
void reload_haproxy(const Settings& settings);

// Translates `source` (Caddy 1) into `target` (Caddy 2) and has cluster_caddy_1 load it as `seen_by_caddy`. A
// text that Caddy refuses is kept beside the target as "*.rejected", and the one before stays in force.
void reload_caddy(const Settings& settings, const std::filesystem::path& source,
                  const std::filesystem::path& target, const std::string& seen_by_caddy);

}  // namespace labctl::agent
