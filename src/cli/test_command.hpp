#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl test: starts what is not running (lab, tunnels), runs scenarios, writes reports, and stops what it
// started.
void add_test_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
