#include "lab/lab_paths.hpp"

#include "base/paths.hpp"
#include "lab/names.hpp"

namespace labctl::lab {

std::filesystem::path labs_dir() { return state_dir() / "labs"; }

LabPaths::LabPaths(const std::string& lab)
    : tag(lab_tag(lab, state_dir())),
      folder(labs_dir() / lab),
      lock(folder / "lock"),
      journal(folder / "journal"),
      record(folder / "lab.json"),
      logs(folder / "logs"),
      client(folder / "client"),
      agent(folder / "agent"),
      keys(folder / "keys"),
      interface(interface_name(tag)),
      cgroup("labctl-" + tag) {}

std::filesystem::path LabPaths::new_golden(const std::string& os) const {
  return cache_dir() / "docker" / (".new-" + tag + "-" + os);
}

}  // namespace labctl::lab
