#include "lab/places.hpp"

#include "base/paths.hpp"

namespace labctl::lab {

std::filesystem::path labs_dir() { return state_dir() / "labs"; }

Places::Places(const std::string& lab)
    : folder(labs_dir() / lab),
      lock(folder / "lock"),
      journal(folder / "journal"),
      record(folder / "lab.json"),
      logs(folder / "logs"),
      client(folder / "client"),
      agent(folder / "agent"),
      keys(folder / "keys") {}

}  // namespace labctl::lab
