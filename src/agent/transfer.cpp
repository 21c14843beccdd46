#include "agent/transfer.hpp"

#include "base/error.hpp"

#include <spdlog/spdlog.h>

#include <exception>
#include <mutex>
#include <thread>

namespace labctl::agent {

Snapshots snapshot_volumes(Node& node, const std::vector<std::string>& volumes) {
  Snapshots taken;
  for (const auto& volume : volumes) {
    if (node.has_managed_volume(volume)) {
      taken[volume] = node.volumes.snapshot(volume);
    } else {
      spdlog::warn("no volume {} here, no snapshot", volume);
    }
  }
  return taken;
}

Snapshots send_volumes(Node& node, const std::vector<std::string>& volumes, const std::string& address) {
  Snapshots taken = snapshot_volumes(node, volumes);
  std::mutex mutex;
  std::exception_ptr first;
  {
    std::vector<std::jthread> senders;
    for (const auto& pair : taken) {
      senders.emplace_back([&, name = pair.second] {
        try {
          Buttervolume(node.settings).send(address, name);  // a client of its own: one client, one thread
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!first) first = std::current_exception();
        }
      });
    }
  }
  if (first) std::rethrow_exception(first);
  return taken;
}

}  // namespace labctl::agent
