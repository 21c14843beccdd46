#include "polling.hpp"

#include "http/stop.hpp"

namespace labctl {

using namespace std::chrono_literals;

std::uint64_t Polling::ask_from(std::uint64_t index) const {
  if (index != 0) http::StopScope::pause(1s);
  return 0;
}

std::optional<bool> Polling::instead_of_stream(const std::function<bool()>& done, Deadline deadline) const {
  while (!done()) {
    if (deadline.passed()) return false;
    http::StopScope::pause(1s);
  }
  return true;
}

std::string Polling::tail_options() const { return "---disable-inotify"; }

}  // namespace labctl
