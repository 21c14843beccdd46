#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// `tunnels trust`: shows the host keys of nodes, and adds unknown ones to known_hosts after a yes.
void add_trust_command(CLI::App& tunnels, Context& context);

}  // namespace labctl::cli
