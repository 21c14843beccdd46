#include "agent/transfer.hpp"

#include "base/current_error.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

namespace labctl::agent {

Snapshots snapshot_volumes(LocalNode& node, const std::vector<std::string>& volumes) {
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

namespace {

// The plugin's own scheduler may be sending the same volume: when both are through, both remove the copy that
// tracked what was sent before, and one of them finds it gone. What counts is the copy that tracks this
// snapshot: the plugin makes it only when the other side has all of it. To send the same snapshot again would
// take it off the other side first.
void send(LocalNode& node, const std::string& address, const std::string& snapshot) {
  Buttervolume plugin(node.settings);  // a client of its own: one client, one thread
  try {
    plugin.send(address, snapshot);
  } catch (...) {
    const auto all = plugin.snapshots(snapshot.substr(0, snapshot.find('@')));
    if (std::find(all.begin(), all.end(), snapshot + "@" + address) == all.end()) throw;
    spdlog::warn("{} was sent to {}, although the plugin says: {}", snapshot, address,
                 current_error().line());
  }
}

}  // namespace

Snapshots send_volumes(LocalNode& node, const std::vector<std::string>& volumes, const std::string& address) {
  Snapshots taken = snapshot_volumes(node, volumes);
  std::mutex mutex;
  std::exception_ptr first;
  {
    std::vector<std::jthread> senders;
    for (const auto& pair : taken) {
      senders.emplace_back([&, name = pair.second] {
        try {
          send(node, address, name);
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
