#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace labctl::cli {

struct Context;

// All of `labctl`: its global options and its commands. Parsing fills `context`, which must outlive it.
std::unique_ptr<CLI::App> command_line(Context& context);

}  // namespace labctl::cli
