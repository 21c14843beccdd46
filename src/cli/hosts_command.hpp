#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// hosts [--apply or --remove].
void add_hosts_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
