#pragma once

#include "tunnels/forward.hpp"

namespace labctl::ssh {
class Channel;
}

namespace labctl::tunnels {

// A forward that listens on the node. Every connection there gets one to the local end.
//
// It is up when sshd has accepted the request to listen. The local end may come and go: a connection that
// finds nobody there is closed, and reported as a connection's failure.
class RemoteForward : public Forward {
public:
  using Forward::Forward;

protected:
  asio::awaitable<std::optional<std::chrono::microseconds>> check(Deadline deadline) override;
  void stop_listening() override;

private:
  asio::awaitable<std::shared_ptr<ssh::RemoteListener>> listen(Deadline deadline);
  asio::awaitable<bool> somebody_listens();
  asio::awaitable<void> accept(std::shared_ptr<ssh::RemoteListener> listener);
  asio::awaitable<void> serve(std::shared_ptr<ssh::Channel> channel, unsigned of_run);
  std::shared_ptr<RemoteForward> self() {
    return std::static_pointer_cast<RemoteForward>(shared_from_this());
  }

  std::shared_ptr<ssh::RemoteListener> listener_;
  unsigned looked_in_run_ = 0;  // when it was found out whether somebody else listens there
  bool taken_ = false;
};

}  // namespace labctl::tunnels
