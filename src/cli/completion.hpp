#pragma once

#include <string>

namespace CLI {
class App;
}

namespace labctl::cli {

// A script that completes every command and option of `app` in bash, zsh or fish, generated from `app`.
std::string completion(const CLI::App& app, const std::string& shell);

}  // namespace labctl::cli
