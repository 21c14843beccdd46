#include "agent/work_slot.hpp"

#include "base/current_error.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <string>

namespace labctl::agent {

WorkSlot::WorkSlot(std::filesystem::path folder, int count) : folder_(std::move(folder)), count_(count) {}

void WorkSlot::take() {
  const auto path = [&](int number) { return folder_ / ("slot-" + std::to_string(number)); };
  for (int number = 0; number < count_; ++number) {
    held_ = FileLock::try_take(path(number));
    if (held_) return;
  }
  // A process cannot wait for several locks at once, so waiting processes are distributed over the slots.
  held_ = FileLock::take(path(static_cast<int>(::getpid()) % count_));
}

WorkSlot::Rest::Rest(WorkSlot& slot) : slot_(slot), had_one_(slot.held_.has_value()) { slot_.held_.reset(); }

WorkSlot::Rest::~Rest() {
  try {
    if (had_one_) slot_.take();
  } catch (...) {
    spdlog::warn("going on without a work slot: {}", current_error().line());  // slots only limit the load
  }
}

}  // namespace labctl::agent
