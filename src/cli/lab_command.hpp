#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// labctl lab up | down | status | exec | logs | inventory: the embedded lab (lab/lab.hpp).
void add_lab_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
