#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace labctl {

// RFC 4648 with padding, as Consul uses for KV values and event payloads, and OpenSSH for keys. nullopt for
// any other text.
std::optional<std::string> decode_base64(std::string_view text);
std::string encode_base64(std::string_view bytes);

}  // namespace labctl
