#pragma once

#include "inventory/inventory.hpp"

#include <filesystem>
#include <string_view>

namespace labctl::cli {

// Where suites look for the cluster that opened the forwards by hand, with ssh -L.
inline constexpr std::string_view old_consul_place = "127.0.0.1:8500";
std::filesystem::path old_docker_place(const std::string& node);  // /tmp/docker_core1.sock

// The inventory with additional forwards to the old places: "compat_consul", and "compat_docker_core1" for
// each node. Places that its own forwards already have get none. If a forward to something else has one, this
// is Error{conflict} or the place is left out.
//
// They are forwards and no links to the daemon's sockets: a forward's end (tunnels/local_end.hpp) has mode
// 0600 from the start, is made with bind(), which follows no link and replaces nothing, is removed by the
// daemon that made it, and is replaced by the next one if that daemon was killed. A link would need the same
// care once more, would be left behind by a killed daemon, and there is no link to a port.
enum class Occupied { refused, left_out };
inventory::Inventory with_old_places(inventory::Inventory inventory, Occupied occupied = Occupied::refused);

// Error{conflict} if other users could replace what a user has made in `folder`: it must be root's or the
// user's, no link, and sticky if others may write to it. /tmp is, on every system that is set up normally.
void require_safe_for_sockets(const std::filesystem::path& folder);

}  // namespace labctl::cli
