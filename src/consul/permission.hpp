#pragma once

#include "http/client.hpp"

#include <string>

namespace labctl::consul {

// The permission that Consul's ACLs must grant for a request: "key:read on app/", "node:read". From the lines
// "ACL Required" of Consul's HTTP API reference. "" for a request that needs none.
std::string needed_permission(const http::Request& request);

}  // namespace labctl::consul
