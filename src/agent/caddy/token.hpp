#pragma once

#include <string>

namespace labctl::agent {

// One Caddy 2 token: quoted if necessary, placeholders renamed ("{remote}" becomes "{remote_host}").
std::string caddy_token(const std::string& word);

}  // namespace labctl::agent
