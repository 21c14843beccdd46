#include "cli/tunnels_for_command.hpp"

#include "base/current_error.hpp"
#include "base/interrupt.hpp"
#include "tunnels/client.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace labctl::cli {

TunnelsForCommand::TunnelsForCommand(const inventory::Inventory& inventory, Need need)
    : inventory_(inventory) {
  if (need == Need::some && tunnels::status(inventory_)) {
    were_up_ = true;
    return;
  }
  const auto report = tunnels::up(inventory_);
  were_up_ = report.already_up;
  ours_ = !were_up_;
  elapsed_ = report.elapsed;
}

TunnelsForCommand::~TunnelsForCommand() {
  try {
    close();
  } catch (...) {
    spdlog::error("the tunnels are not closed: {}", current_error().line());
  }
}

void TunnelsForCommand::close() {
  if (!std::exchange(ours_, false)) return;
  const InterruptShield shield;
  tunnels::down(inventory_);
}

bool TunnelsForCommand::keep() { return std::exchange(ours_, false); }

}  // namespace labctl::cli
