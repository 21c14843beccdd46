#include "cli/lab_removal.hpp"

#include "base/current_error.hpp"
#include "cli/command.hpp"
#include "lab/lab.hpp"
#include "tunnels/client.hpp"

#include <filesystem>

namespace labctl::cli {
namespace {

void close_tunnels(const std::string& lab_name, const Context& context) {
  const auto lab = lab::find(lab_name);
  if (!lab || !std::filesystem::exists(lab->inventory())) return;
  try {
    if (tunnels::down(inventory::load(lab->inventory()))) say(context, "tunnels  of the lab are closed");
  } catch (...) {
    say(context, "tunnels of the lab were not closed: " + current_error().line());
  }
}

}  // namespace

bool remove_lab(const std::string& name, const Context& context) {
  close_tunnels(name, context);
  return lab::down(name, [&context](const std::string& line) { say(context, line); });
}

}  // namespace labctl::cli
