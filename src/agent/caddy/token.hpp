#pragma once

#include <string>

namespace labctl::agent {

// One Caddy 2 token: quoted where it has to be, placeholders renamed ("{remote}" is "{remote_host}" now).
std::string caddy_token(const std::string& word);

}  // namespace labctl::agent
