#pragma once

#include "base/error.hpp"
#include "cli/command.hpp"

namespace labctl::cli {

// Parses the command line, runs the chosen command and returns the exit status. The only place where an Error
// becomes a message ("labctl: WHERE: WHAT (HINT)" on stderr) and a status.
int run(int argc, char** argv);

ExitCode exit_code(Kind kind);

}  // namespace labctl::cli
