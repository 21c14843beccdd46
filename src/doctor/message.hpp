#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// What a message of a client (Docker, Consul, requests, curl, ssh) says, and which findings explain it.
struct Reading {
  std::string_view says;
  std::vector<std::string_view> findings;  // ids
};

// The readings of a pasted text, the most specific first; empty if no part of it is known. No I/O.
std::vector<Reading> read_message(std::string_view text);

}  // namespace labctl::doctor
