#include "tunnels/announcer.hpp"

#include "base/text.hpp"

#include <vector>

namespace labctl::tunnels {

std::string summary(const Status& status) {
  std::vector<std::string> down;
  for (const ForwardStatus& forward : status.forwards) {
    if (forward.state != ForwardState::up) down.push_back(forward.name);
  }
  const std::size_t all = status.forwards.size();
  return std::to_string(all - down.size()) + " of " + std::to_string(all) + " forwards up" +
         (down.empty() ? "" : ", down: " + join(down, ", "));
}

Announcer::Announcer(asio::io_context& io, ServiceManager manager)
    : manager_(std::move(manager)), timer_(io) {
  if (manager_.is_there() && manager_.watchdog()) feed_watchdog();
}

void Announcer::ready(const Status& status) {
  told_ = summary(status);
  manager_.ready(told_);
}

void Announcer::changed(const Status& status) {
  if (told_.empty() || !manager_.is_there()) return;
  const std::string text = summary(status);
  if (text == told_) return;
  told_ = text;
  manager_.status(text);
}

void Announcer::feed_watchdog() {
  manager_.alive();
  timer_.expires_after(*manager_.watchdog() / 2);
  timer_.async_wait([this](std::error_code error) {
    if (!error) feed_watchdog();
  });
}

}  // namespace labctl::tunnels
