#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// env, and run -- CMD.
void add_env_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
