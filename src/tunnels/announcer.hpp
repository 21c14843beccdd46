#pragma once

#include "base/service_manager.hpp"
#include "tunnels/control.hpp"

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <string>

namespace labctl::tunnels {

// "4 of 5 forwards up, down: docker_core1"
std::string summary(const Status& status);

// Tells the service manager, if there is one, how a daemon is; twice per watchdog time that its io_context
// runs. Must live as long as the io_context runs.
class Announcer {
public:
  Announcer(asio::io_context& io, ServiceManager manager);

  void ready(const Status& status);
  // Has an effect once it is ready, if the summary is another one.
  void changed(const Status& status);
  void stopping() const { manager_.stopping(); }

private:
  void feed_watchdog();

  ServiceManager manager_;
  asio::steady_timer timer_;
  std::string told_;
};

}  // namespace labctl::tunnels
