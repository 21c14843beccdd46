#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// inventory check, show, schema, from-salt.
void add_inventory_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
