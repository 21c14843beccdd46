#pragma once

#include "cli/command.hpp"

namespace labctl::cli {

// `from-salt` below `inventory`.
void add_from_salt_command(CLI::App& inventory, Context& context);

}  // namespace labctl::cli
