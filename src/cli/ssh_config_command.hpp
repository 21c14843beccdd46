#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// ssh-config.
void add_ssh_config_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
