#include "lab/down.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "lab/info.hpp"
#include "lab/journal.hpp"
#include "lab/lab_paths.hpp"
#include "lab/names.hpp"
#include "lab/traces.hpp"

#include <unistd.h>

#include <chrono>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr auto removal_budget = std::chrono::seconds(60);

void remove_if_there(const fs::path& path) { fs::remove_all(path); }

std::vector<fs::path> children(const fs::path& folder) {
  std::vector<fs::path> found;
  if (!fs::is_directory(folder)) return found;
  for (const auto& child : fs::directory_iterator(folder)) found.push_back(child.path());
  return found;
}

}  // namespace

std::vector<Entry> entries_of(const LabPaths& paths) {
  if (auto journal = read_journal(paths.journal)) return *std::move(journal);
  std::vector<Entry> entries{{Entry::What::cgroup, paths.cgroup},
                             {Entry::What::tree, paths.folder / "nodes"}};
  for (const auto& file : children(paths.netns("").parent_path()))
    entries.push_back({Entry::What::netns, file});
  entries.push_back({Entry::What::link, paths.interface});
  for (const auto& node : children(paths.folder / "nodes"))
    entries.push_back({Entry::What::loop, node / "volumes.btrfs"});
  return entries;
}

Lock lock_lab(const std::string& name) {
  return Lock(LabPaths(name).lock, Deadline::in(std::chrono::seconds(30)));
}

void tear_down(const std::string& name, Lock& lock, bool keep_logs) {
  const InterruptShield shield;
  const LabPaths paths(name);
  // From here on, labctl does not find the lab by its inventory.
  fs::remove(paths.client / "inventory.yaml");
  remove_traces(entries_of(paths), {paths.folder, cache_dir() / "docker"}, Deadline::in(removal_budget));
  for (const auto& item : fs::directory_iterator(paths.folder)) {
    if (item.path() == paths.lock || item.path() == paths.journal) continue;
    if (keep_logs && item.path() == paths.logs) continue;
    remove_if_there(item.path());
  }
  // Last, so that the journal still exists if this process is killed before.
  fs::remove(paths.journal);
  lock.remove();
  // rmdir() fails for a folder that is not empty, as intended.
  for (const auto& folder : {paths.folder, labs_dir(), state_dir()}) ::rmdir(folder.c_str());
}

bool down(const std::string& name, const Progress& progress) {
  require_root();
  check_name(name);
  if (!fs::exists(LabPaths(name).folder)) return false;
  const auto start = Clock::now();
  Lock lock = lock_lab(name);
  const LabPaths paths(name);
  if (!fs::exists(paths.journal)) {
    for (const auto& trace : traces_of(entries_of(paths)))
      progress("lab " + name + ": its journal is missing; removing by name: " + trace);
  }
  tear_down(name, lock, false);
  progress(fmt_seconds("lab " + name + " is down after", Clock::now() - start));
  return true;
}

}  // namespace labctl::lab
