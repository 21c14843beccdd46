#include "lab/prepare.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/spawn.hpp"

#include <vector>

namespace labctl::lab {
namespace {

std::vector<std::string> setup_argv(const std::set<std::string>& oses) {
  std::vector<std::string> argv{share_dir() / "setup"};
  for (const auto& os : oses) argv.insert(argv.end(), {"--os", os});
  return argv;
}

// A long build with its own messages: it keeps our stderr and has no deadline. It has a process group of its
// own, so that an interrupt reaches it once, from here.
int run_in_view(const std::vector<std::string>& argv) {
  Spawn program(POSIX_SPAWN_SETPGROUP);
  program.give(STDERR_FILENO, STDOUT_FILENO);
  return wait_interruptibly(program.start(argv));
}

}  // namespace

std::string setup_command(const std::set<std::string>& oses) { return display(setup_argv(oses)); }

void prepare_artifacts(const std::set<std::string>& oses) {
  if (!installed()) return;
  if (run_in_view(setup_argv(oses)) != 0) {
    throw Error(Kind::lab, "failed, so the lab has no nodes or images; the lines above say why",
                setup_command(oses), "what it has made is kept: labctl lab up goes on from there");
  }
}

}  // namespace labctl::lab
