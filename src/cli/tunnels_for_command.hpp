#pragma once

#include "inventory/inventory.hpp"

#include <chrono>

namespace labctl::cli {

// An inventory's tunnels during a command: opened if they are not up. Only tunnels opened here are closed, by
// close() or at the latest by the destructor.
class TunnelsForCommand {
public:
  // Requirement for tunnels that are already up: all = every forward answers; some = no requirement, for
  // commands that can do part of their work, or that are run because a node does not answer.
  enum class Need { all, some };

  // Throws as tunnels::up does.
  explicit TunnelsForCommand(const inventory::Inventory& inventory, Need need = Need::all);
  ~TunnelsForCommand();
  TunnelsForCommand(const TunnelsForCommand&) = delete;
  TunnelsForCommand& operator=(const TunnelsForCommand&) = delete;

  bool were_up() const { return were_up_; }
  std::chrono::milliseconds elapsed() const { return elapsed_; }

  // Throws as tunnels::down does; a signal does not interrupt it.
  void close();
  // Leaves them up. True if they were opened here.
  bool keep();

private:
  inventory::Inventory inventory_;
  bool were_up_ = false;
  bool ours_ = false;
  std::chrono::milliseconds elapsed_{0};
};

}  // namespace labctl::cli
