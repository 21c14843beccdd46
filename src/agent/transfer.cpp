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

// The plugin's scheduler may send the same volume at the same time. At the end, both remove the copy that
// tracked the previous snapshot, and one of them fails because the copy is already gone. So after an error,
// look for the copy that tracks this snapshot: the plugin creates it only when the other side has the whole
// snapshot. A retry would be worse: it removes the snapshot from the other side first.
void send(LocalNode& node, const std::string& address, const std::string& snapshot) {
  Buttervolume plugin(node.settings);  // a client must not be shared between threads
  try {
    plugin.send(address, snapshot);
  } catch (...) {
    const auto all = plugin.snapshots(snapshot.substr(0, snapshot.find('@')));
    if (std::find(all.begin(), all.end(), snapshot + "@" + address) == all.end()) throw;
    spdlog::warn("{} was sent to {}, although the plugin reported: {}", snapshot, address,
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
