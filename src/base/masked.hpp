#pragma once

#include <string>
#include <string_view>

namespace labctl {

// The text with "***" in place of what may be a secret, for files that people send to others:
// - the value of NAME=VALUE, NAME: VALUE and "NAME": "VALUE" if NAME contains password, passwd, secret,
//   token, apikey, api_key, access_key or private_key, in any letter case;
// - the password of a URL, "https://user:***@host";
// - credentials after "Authorization:", "Bearer" and "Basic", and the user list lines of HAProxy ("user NAME
//   password ...", "stats auth NAME:...");
// - the hash or password of each user below or behind Caddy's basicauth;
// - the lines between "-----BEGIN ... PRIVATE KEY-----" and its end.
// The number of lines does not change. This is a help, not a guarantee: a secret without such a sign is kept.
std::string masked(std::string_view text);

}  // namespace labctl
