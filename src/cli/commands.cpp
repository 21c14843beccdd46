#include "cli/commands.hpp"

#include "cli/app/app_command.hpp"
#include "cli/command.hpp"
#include "cli/completion_command.hpp"
#include "cli/contexts_command.hpp"
#include "cli/doctor_command.hpp"
#include "cli/env_command.hpp"
#include "cli/hosts_command.hpp"
#include "cli/inventory_command.hpp"
#include "cli/lab_command.hpp"
#include "cli/report_command.hpp"
#include "cli/ssh_config_command.hpp"
#include "cli/test_command.hpp"
#include "cli/tunnels_command.hpp"

#include <CLI/CLI.hpp>

namespace labctl::cli {
namespace {

using AddCommand = void (*)(CLI::App&, Context&);

// In the order of --help: the main commands first, then those that help with them.
constexpr AddCommand table[] = {
    add_test_command,     add_report_command,     add_app_command,   add_tunnels_command,
    add_doctor_command,   add_inventory_command,  add_lab_command,   add_env_command,
    add_contexts_command, add_ssh_config_command, add_hosts_command, add_completion_command,
};

}  // namespace

void add_commands(CLI::App& app, Context& context) {
  for (const auto add : table) add(app, context);
}

}  // namespace labctl::cli
