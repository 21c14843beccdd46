#pragma once

#include <string>

namespace CLI {
class App;
}

// The reference pages of docs/, made from what the program itself says.
namespace labctl::packaging {

// docs/commands.md: every command with its options, in the words of --help.
std::string commands_page(const CLI::App& program);

// docs/inventory.md: every key of the inventory, from its JSON schema. Error{invalid} for a schema of a form
// that the page could not show.
std::string inventory_page(const std::string& schema);

}  // namespace labctl::packaging
