#pragma once

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// doctor [TEXT] [--wait SECONDS] [--strict] [--fix] [--bundle FILE] [--list] [--explain ID].
void add_doctor_command(CLI::App& app, Context& context);

}  // namespace labctl::cli
