#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace labctl::packaging {

struct ManualPage {
  std::string name;  // "labctl-lab"
  std::string text;  // roff, macros man(7)
};

// The pages of section 1 of a program: one of its own, and with `each_command` one for each command that
// --help lists. Every word is that of --help, so a page cannot differ from it. `version` is "labctl 0.1.0".
std::vector<ManualPage> manual_pages(const CLI::App& program, const std::string& version, bool each_command);

}  // namespace labctl::packaging
