#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl report: compares reports of `labctl test`. Needs no inventory.
void add_report_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
