#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl test: opens what is not open yet (lab, tunnels), runs scenarios, writes reports, and closes again
// what it opened.
void add_test_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
