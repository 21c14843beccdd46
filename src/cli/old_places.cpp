#include "cli/old_places.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace labctl::cli {
namespace {

using inventory::Forward;

bool listens_at(const Forward& forward, const Endpoint& place) {
  if (forward.direction == Forward::Direction::remote) return false;
  const auto& end = forward.local;
  const bool same_host = end.host == place.host || (end.host == "localhost" && place.host == "127.0.0.1");
  return end.path == place.path && (place.is_unix_socket() || (end.port == place.port && same_host));
}

void add_place(inventory::Inventory& inventory, const Forward& of, const Endpoint& place, Occupied occupied) {
  for (const auto& forward : inventory.forwards) {
    if (!listens_at(forward, place)) continue;
    if (forward.name == of.name || occupied == Occupied::left_out) return;
    throw Error(Kind::conflict, fmt::format("the forward {} already has {}", forward.name, to_string(place)),
                with_file(inventory), "give it another local end, or leave out --compat");
  }
  auto added = of;
  added.name = "compat_" + of.name;
  added.local = place;
  inventory.forwards.push_back(std::move(added));
}

}  // namespace

std::filesystem::path old_docker_place(const std::string& node) { return "/tmp/docker_" + node + ".sock"; }

inventory::Inventory with_old_places(inventory::Inventory inventory, Occupied occupied) {
  const auto consul = inventory.consul();
  add_place(inventory, consul, parse_endpoint(std::string(old_consul_place)), occupied);
  for (const auto& node : inventory.nodes) {
    const auto docker = inventory.docker(node.name);
    add_place(inventory, docker, Endpoint::unix_socket(old_docker_place(node.name)), occupied);
  }
  return inventory;
}

void require_safe_for_sockets(const std::filesystem::path& folder) {
  struct stat found {};
  if (::lstat(folder.c_str(), &found) != 0) throw system_error("cannot look at it", folder.string());
  const bool trusted = found.st_uid == 0 || found.st_uid == ::geteuid();
  const bool open = (found.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (S_ISDIR(found.st_mode) && trusted && (!open || (found.st_mode & S_ISVTX) != 0)) return;
  throw Error(Kind::conflict, "other users could replace a docker.sock there", folder.string(),
              "it must be a folder of root with mode 1777, or leave out --compat");
}

}  // namespace labctl::cli
