#pragma once

#include "tunnels/forward.hpp"
#include "tunnels/local_end.hpp"

#include <memory>

namespace labctl::tunnels {

// A forward that listens on this machine. Every client gets a channel to the remote end.
class LocalForward : public Forward {
public:
  using Forward::Forward;

protected:
  asio::awaitable<std::optional<std::chrono::microseconds>> check(Deadline deadline) override;
  void stop_listening() override;
  // Opens the channel of a client and starts copying. Throws ssh::Failure.
  virtual asio::awaitable<void> connect(std::shared_ptr<ssh::Relay> connection, Opener open);
  void open_local_end();

private:
  // As the carrier's open(), but its failure has the true cause.
  asio::awaitable<std::shared_ptr<ssh::Channel>> open_for_check(Endpoint remote, Deadline deadline);
  asio::awaitable<void> accept(std::shared_ptr<LocalEnd> end);
  asio::awaitable<void> serve(std::shared_ptr<ssh::Relay> connection);
  std::shared_ptr<LocalForward> self() { return std::static_pointer_cast<LocalForward>(shared_from_this()); }

  std::shared_ptr<LocalEnd> end_;
  // The last failure that was looked into; looked at again after a while.
  struct Explained {
    unsigned run;
    std::chrono::steady_clock::time_point at;
    std::string what;  // before
    ssh::Failure cause;
  };
  std::optional<Explained> explained_;
};

}  // namespace labctl::tunnels
