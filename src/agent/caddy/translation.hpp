#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labctl::agent {

struct CaddyOptions {
  bool local_certs = false;  // certificates from Caddy's own authority: a lab does not use ACME
};

struct CaddyTranslation {
  std::string text;                   // a complete Caddy 2 Caddyfile
  std::vector<std::string> warnings;  // what was skipped, by site
};

// Translates the Caddyfile (version 1) that consul-template renders to Caddy 2. A directive that only adds
// something and has no equivalent in Caddy 2 is skipped with a warning; one that may guard the site
// (ipfilter, jwt, anything unknown) closes its paths with 403, because an open site is worse than none. A
// site whose address another site already has is skipped with a warning, because Caddy 2 would reject the
// whole file. Error{invalid} if the text violates the grammar of contract/caddyfile.hpp.
CaddyTranslation translate_caddyfile(std::string_view text, const CaddyOptions& options);

}  // namespace labctl::agent
