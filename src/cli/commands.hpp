#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// Builds `labctl`: its global options and every command of the table, in the order `--help` shows them.
void add_commands(CLI::App& app, Context& context);

}  // namespace labctl::cli
