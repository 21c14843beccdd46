#pragma once

#include "inventory/inventory.hpp"

#include <chrono>

namespace labctl::cli {

// An inventory's tunnels for as long as a command needs them: opened if they are not up, and only then closed
// again, by close() or at the latest by the destructor.
class TunnelsForCommand {
public:
  // What must hold of tunnels that are up already: every forward answers, or nothing, for commands that can
  // do part of their work, or are run because a node does not answer.
  enum class Need { all, some };

  // Throws as tunnels::up does.
  explicit TunnelsForCommand(const inventory::Inventory& inventory, Need need = Need::all);
  ~TunnelsForCommand();
  TunnelsForCommand(const TunnelsForCommand&) = delete;
  TunnelsForCommand& operator=(const TunnelsForCommand&) = delete;

  bool were_up() const { return were_up_; }
  std::chrono::milliseconds elapsed() const { return elapsed_; }

  // Throws as tunnels::down does; a signal does not cut it off.
  void close();
  // Leaves them up. True if it was us who opened them.
  bool keep();

private:
  inventory::Inventory inventory_;
  bool were_up_ = false;
  bool ours_ = false;
  std::chrono::milliseconds elapsed_{0};
};

}  // namespace labctl::cli
