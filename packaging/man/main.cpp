// labctl_manuals VERSION FOLDER: writes the manual pages of labctl and labctl-agent into FOLDER.
// labctl_manuals --reference FOLDER: writes commands.md and inventory.md, for docs/.
#include "agent/command_line.hpp"
#include "base/current_error.hpp"
#include "base/paths.hpp"
#include "cli/command.hpp"
#include "cli/command_line.hpp"
#include "inventory/write.hpp"
#include "manual.hpp"
#include "reference.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

int main(int argc, char** argv) {
  using namespace labctl;
  if (argc != 3) {
    fmt::print(stderr, "usage: labctl_manuals VERSION FOLDER, or labctl_manuals --reference FOLDER\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[2];
    cli::Context context;
    if (std::string_view(argv[1]) == "--reference") {
      write_file(folder / "commands.md", packaging::commands_page(*cli::command_line(context)));
      write_file(folder / "inventory.md", packaging::inventory_page(std::string(inventory::schema())));
      return 0;
    }
    const std::string version = std::string("labctl ") + argv[1];
    agent::CommandLine agent_options;
    auto pages = packaging::manual_pages(*cli::command_line(context), version, true);
    for (auto& page : packaging::manual_pages(*agent::command_line(agent_options), version, false))
      pages.push_back(std::move(page));
    for (const auto& page : pages) write_file(folder / (page.name + ".1"), page.text);
    return 0;
  } catch (...) {
    fmt::print(stderr, "labctl_manuals: {}\n", current_error().line());
    return 1;
  }
}
