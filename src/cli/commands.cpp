#include "cli/commands.hpp"

#include "cli/command.hpp"
#include "cli/inventory_command.hpp"

#ifdef LABCTL_HAVE_LAB_COMMAND
#include "cli/lab_command.hpp"
#endif
#ifdef LABCTL_HAVE_TUNNELS_COMMAND
#include "cli/tunnels_command.hpp"
#endif
#ifdef LABCTL_HAVE_TEST_COMMAND
#include "cli/test_command.hpp"
#endif

#include <CLI/CLI.hpp>

namespace labctl::cli {
namespace {

using AddCommand = void (*)(CLI::App&, Context&);

constexpr AddCommand table[] = {
#ifdef LABCTL_HAVE_TUNNELS_COMMAND
    add_tunnels_command,
#endif
#ifdef LABCTL_HAVE_TEST_COMMAND
    add_test_command,
#endif
    add_inventory_command,
#ifdef LABCTL_HAVE_LAB_COMMAND
    add_lab_command,
#endif
};

}  // namespace

void add_commands(CLI::App& app, Context& context) {
  for (const auto add : table) add(app, context);
}

}  // namespace labctl::cli
