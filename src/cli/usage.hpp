#pragma once

#include "base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace labctl::cli {

// The usage error in one line, with the nearest command or option: Error{usage}.
Error usage_error(const CLI::App& app, const CLI::ParseError& error);

}  // namespace labctl::cli
