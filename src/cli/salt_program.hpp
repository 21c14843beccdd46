#pragma once

#include <string>
#include <vector>

namespace labctl::cli {

// What `salt ARGUMENTS --out=json` prints, both streams: its answers, then its own messages. It runs on the
// salt master, mostly as root, and has two minutes. Its status is not looked at: it is 1 also when a single
// minion did not answer. Error{unavailable} in salt's words if there is no answer at all.
std::string run_salt(const std::vector<std::string>& arguments);

}  // namespace labctl::cli
