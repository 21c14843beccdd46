#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labctl::agent {

struct CaddyOptions {
  bool local_certs = false;  // certificates from Caddy's own authority: nothing asks ACME from inside a lab
};

struct CaddyTranslation {
  std::string text;                   // a complete Caddy 2 Caddyfile
  std::vector<std::string> warnings;  // what was left out, by site
};

// Turns the Caddyfile (version 1) that consul-template renders into one for Caddy 2. A directive that Caddy 2
// has no equal for is left out with a warning; so is a site whose key another site has already, since Caddy 2
// would refuse the whole file. Error{invalid} if the text is outside the grammar of contract/caddyfile.hpp.
CaddyTranslation translate_caddyfile(std::string_view text, const CaddyOptions& options);

}  // namespace labctl::agent
