#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// What a message of a client (Docker, Consul, requests, curl, ssh) says, and which findings explain it.
struct Reading {
  std::string_view says;
  std::vector<std::string_view> findings;  // ids; none: the message itself is the whole explanation
};

// The reading of a pasted text that says most about the cause; nullopt if no part of it is known. No I/O.
std::optional<Reading> read_message(std::string_view text);

}  // namespace labctl::doctor
