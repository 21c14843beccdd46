#pragma once

#include "agent/settings.hpp"

#include <filesystem>

namespace labctl::agent {

// consul-template runs these after it wrote a configuration. A proxy that cannot be signalled is restarted; a
// missing or stopped proxy reads the file when it starts. None of this is an error, because an error would
// end consul-template.

// SIGHUP to cluster_haproxy_1.
void reload_haproxy(const Settings& settings);

// Translates `source` (Caddy 1) into `target` (Caddy 2) and has cluster_caddy_1 load it as `seen_by_caddy`. A
// text that Caddy rejects is kept beside the target as "*.rejected"; the previous one stays active.
void reload_caddy(const Settings& settings, const std::filesystem::path& source,
                  const std::filesystem::path& target, const std::string& seen_by_caddy);

}  // namespace labctl::agent
