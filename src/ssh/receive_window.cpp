#include "ssh/receive_window.hpp"

namespace labctl::ssh {

bool ReceiveWindow::taken(std::size_t bytes, Clock::duration round_trip, Clock::time_point now) {
  if (taken_ == 0) since_ = now;
  taken_ += bytes;
  if (taken_ < limit_) return false;
  taken_ = 0;
  if (limit_ == most || now - since_ >= 2 * round_trip) return false;
  limit_ *= 2;
  return true;
}

}  // namespace labctl::ssh
