#include "tunnels/places.hpp"

#include "base/paths.hpp"

namespace labctl::tunnels {

Places Places::of(const std::string& inventory_name) {
  const auto folder = runtime_dir() / inventory_name;
  return {folder, folder / "daemon.sock", folder / "daemon.lock", folder / "start.lock",
          folder / "daemon.log"};
}

void Places::make() const {
  make_private_dir(folder.parent_path());
  make_private_dir(folder);
}

}  // namespace labctl::tunnels
