#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl app: list, inspect, deploy, destroy, migrate, move-masters (contract 10).
void add_app_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
