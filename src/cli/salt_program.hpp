#pragma once

#include <string>
#include <vector>

namespace labctl::cli {

// The output of `salt ARGUMENTS --out=json`: stdout with the answers, then stderr with its messages. It runs
// on the salt master, usually as root, with a timeout of two minutes. Its exit status is ignored: it is 1
// even if only one minion did not answer. Error{unavailable} with salt's message if there is no answer at
// all.
std::string run_salt(const std::vector<std::string>& arguments);

}  // namespace labctl::cli
