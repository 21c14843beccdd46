#pragma once

#include "cli/command.hpp"
#include "cli/tunnels_for_command.hpp"
#include "inventory/inventory.hpp"

#include <optional>
#include <string>
#include <vector>

namespace labctl::cli {

// What a test run needs around it: an inventory with a cluster behind it, and its tunnels. What is not there
// yet is brought up, and only that is taken down again, by close() or at the latest by the destructor.
class TestSurroundings {
public:
  // Tells each thing on stderr as it comes up. Throws as lab::up and tunnels::up do; nothing of ours is left
  // then.
  explicit TestSurroundings(const Context& context);
  ~TestSurroundings();
  TestSurroundings(const TestSurroundings&) = delete;
  TestSurroundings& operator=(const TestSurroundings&) = delete;

  const inventory::Inventory& inventory() const { return *inventory_; }
  // Lines for the report: what was tested.
  const std::vector<std::string>& facts() const { return facts_; }
  // Whether the cluster is a lab of our own.
  bool own_lab() const { return lab_.has_value(); }

  // Takes down what was brought up. Error{lab} and others as lab::down and tunnels::down throw.
  void close();
  // Leaves it all up, and says how to take it down.
  void keep();

private:
  void tell(const std::string& line);
  void bring_lab_up();
  void bring_tunnels_up();

  const Context& context_;
  std::optional<inventory::Inventory> inventory_;
  std::optional<std::string> lab_;  // name of the lab we brought up
  std::optional<TunnelsForCommand> tunnels_;
  std::vector<std::string> facts_;
};

}  // namespace labctl::cli
