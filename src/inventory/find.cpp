#include "inventory/find.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>

namespace labctl::inventory {
namespace fs = std::filesystem;
namespace {

bool present(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

fs::path must_exist(const fs::path& file, const char* said_by) {
  if (present(file)) return file;
  throw Error(Kind::not_found, "no such inventory file", file.string(), std::string("named by ") + said_by);
}

}  // namespace

std::vector<fs::path> lab_inventories() {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& lab : fs::directory_iterator(state_dir() / "labs", ignored)) {
    auto file = lab.path() / "client" / "inventory.yaml";
    if (present(file)) found.push_back(std::move(file));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::optional<fs::path> find_if_any(const std::optional<fs::path>& given) {
  if (given) return must_exist(*given, "--inventory");
  if (const char* file = std::getenv("LABCTL_INVENTORY"); file != nullptr && *file != '\0') {
    return must_exist(expand_home(file), "$LABCTL_INVENTORY");
  }
  if (present("inventory.yaml")) return "inventory.yaml";
  if (auto file = config_dir() / "inventory.yaml"; present(file)) return file;
  const auto labs = lab_inventories();
  if (labs.size() > 1) {
    std::vector<std::string> files;
    files.reserve(labs.size());
    for (const auto& file : labs) files.push_back(file.string());
    throw Error(Kind::usage, "several labs are up", {}, "choose one with --inventory: " + join(files, ", "));
  }
  if (labs.size() == 1) return labs.front();
  return std::nullopt;
}

fs::path find(const std::optional<fs::path>& given) {
  if (auto file = find_if_any(given)) return *file;
  throw Error(Kind::not_found,
              "no inventory: there is no --inventory, $LABCTL_INVENTORY, ./inventory.yaml, " +
                  (config_dir() / "inventory.yaml").string() + ", and no embedded lab is up",
              {}, "write one with `labctl inventory from-salt`, or start a lab with `labctl lab up`");
}

}  // namespace labctl::inventory
