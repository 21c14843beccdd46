#include "cli/command.hpp"

#include "inventory/find.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace labctl::cli {

bool Context::colour_on(int fd) const {
  if (colour != Colour::automatic) return colour == Colour::always;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  return ::isatty(fd) == 1 && (term == nullptr || std::string_view(term) != "dumb");
}

inventory::Inventory Context::load_inventory() const {
  return inventory::load(inventory::find(inventory_file));
}

std::optional<inventory::Inventory> Context::load_inventory_if_any() const {
  const auto file = inventory::find_if_any(inventory_file);
  if (!file) return std::nullopt;
  return inventory::load(*file);
}

void on_chosen(CLI::App& command, Context& context, Action action) {
  command.callback([&context, action = std::move(action)] { context.action = action; });
}

void say(const Context& context, const std::string& line) {
  if (context.verbosity != Verbosity::quiet) fmt::print(stderr, "{}\n", line);
}

}  // namespace labctl::cli
