#pragma once

#include "cli/command.hpp"
#include "cli/tunnels_for_command.hpp"
#include "inventory/inventory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::cli {

// What a test run needs: an inventory, its cluster and its tunnels. Starts what is missing; close(), or at
// the latest the destructor, stops only what was started here.
class TestSurroundings {
public:
  // Reports each part on stderr as it starts. Throws as lab::up and tunnels::up do; then everything is
  // undone.
  explicit TestSurroundings(const Context& context);
  ~TestSurroundings();
  TestSurroundings(const TestSurroundings&) = delete;
  TestSurroundings& operator=(const TestSurroundings&) = delete;

  const inventory::Inventory& inventory() const { return *inventory_; }
  // Lines for the report: what was tested.
  const std::vector<std::string>& facts() const { return facts_; }
  // Whether we started the lab.
  bool own_lab() const { return lab_.has_value(); }

  // Stops what was started. Error{lab} and others as lab::down and tunnels::down throw.
  void close();
  // Leaves everything running, and prints how to stop it.
  void keep();

private:
  void tell(const std::string& line);
  void bring_lab_up();
  void bring_tunnels_up();

  const Context& context_;
  std::optional<inventory::Inventory> inventory_;
  std::optional<std::string> lab_;  // name of the lab that we started
  std::optional<TunnelsForCommand> tunnels_;
  std::vector<std::string> facts_;
};

}  // namespace labctl::cli
