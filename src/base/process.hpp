#pragma once

#include "base/deadline.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace labctl {

// What to run: an argument vector, never a shell line. `argv[0]` is looked up in PATH.
struct Command {
  std::vector<std::string> argv;
  std::string input;                          // written to stdin, which is then closed
  std::string directory;                      // working directory; empty: ours
  std::vector<std::string> environment;       // "NAME=value", added to ours, or replacing it
  std::vector<std::string> drop_environment;  // names removed from ours
};

struct Result {
  int status = 0;   // exit code; 128 + signal number if a signal ended it
  std::string out;  // stdout
  std::string err;  // stderr

  bool ok() const { return status == 0; }
};

// Runs a command until it exits and collects its output. The child gets its own process group; at the
// deadline the group is killed and Error{timeout} is thrown. Error{not_found} if the program does not exist.
// A non-zero status is not an error here. The calling thread is interruptible: see base/interrupt.hpp. Sets
// SIGPIPE to ignored for the process.
Result run(const Command& command, Deadline deadline);

// As run(), but a status other than 0 is Error{kind}: "PROGRAM failed (status N): last line of stderr".
std::string run_checked(const Command& command, Deadline deadline);

// "git clone --depth 1 ..." with quotes where a reader needs them; for messages and logs only.
std::string display(const std::vector<std::string>& argv);

}  // namespace labctl
