#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl report: what `labctl test` wrote, compared. Needs no inventory.
void add_report_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
