#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// completion bash, zsh or fish.
void add_completion_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
