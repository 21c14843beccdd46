#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// tunnels up, status, restart, down; and the hidden `tunnels daemon` that `up` starts.
void add_tunnels_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
