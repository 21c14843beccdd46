#pragma once

#include <string>
#include <string_view>

namespace labctl::consul {

// RFC 4648 with padding, as Consul writes KV values and event payloads. Error{invalid} for anything else.
std::string base64_decode(std::string_view text);
std::string base64_encode(std::string_view bytes);

}  // namespace labctl::consul
