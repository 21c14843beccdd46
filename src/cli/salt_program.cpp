#include "cli/salt_program.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

namespace labctl::cli {

std::string run_salt(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv = {"salt"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  argv.emplace_back("--out=json");
  const auto result = run({.argv = argv}, Deadline::in(std::chrono::minutes(2)));
  if (result.out.find('{') == std::string::npos) {
    const auto said = last_line(result.err.empty() ? result.out : result.err);
    throw Error(
        Kind::unavailable, "salt gave no answer: " + said, "salt",
        "it runs on the salt master, mostly as root; or give its output: labctl inventory from-salt FILE");
  }
  return result.out.ends_with('\n') ? result.out + result.err : result.out + "\n" + result.err;
}

}  // namespace labctl::cli
