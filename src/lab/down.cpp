#include "lab/down.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "lab/info.hpp"
#include "lab/journal.hpp"
#include "lab/names.hpp"
#include "lab/places.hpp"
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

std::vector<Entry> entries_of(const Places& places) {
  if (auto journal = read_journal(places.journal)) return *std::move(journal);
  std::vector<Entry> entries{{Entry::What::cgroup, places.cgroup},
                             {Entry::What::tree, places.folder / "nodes"}};
  for (const auto& file : children(places.netns("").parent_path()))
    entries.push_back({Entry::What::netns, file});
  entries.push_back({Entry::What::link, places.interface});
  for (const auto& node : children(places.folder / "nodes"))
    entries.push_back({Entry::What::loop, node / "volumes.btrfs"});
  return entries;
}

Lock lock_lab(const std::string& name) {
  return Lock(Places(name).lock, Deadline::in(std::chrono::seconds(30)));
}

void tear_down(const std::string& name, Lock& lock, bool keep_logs) {
  const InterruptShield shield;
  const Places places(name);
  // From here on nobody finds the lab by its inventory.
  fs::remove(places.client / "inventory.yaml");
  remove_traces(entries_of(places), {places.folder, cache_dir() / "docker"}, Deadline::in(removal_budget));
  for (const auto& item : fs::directory_iterator(places.folder)) {
    if (item.path() == places.lock || item.path() == places.journal) continue;
    if (keep_logs && item.path() == places.logs) continue;
    remove_if_there(item.path());
  }
  // Last, so that whatever ends us before leaves a journal behind.
  fs::remove(places.journal);
  lock.remove();
  // Fails, as it should, while there is something in them.
  for (const auto& folder : {places.folder, labs_dir(), state_dir()}) ::rmdir(folder.c_str());
}

bool down(const std::string& name, const Progress& progress) {
  require_root();
  check_name(name);
  if (!fs::exists(Places(name).folder)) return false;
  const auto start = Clock::now();
  Lock lock = lock_lab(name);
  const Places places(name);
  if (!fs::exists(places.journal)) {
    for (const auto& trace : traces_of(entries_of(places)))
      progress("lab " + name + ": its journal is missing; removing by name: " + trace);
  }
  tear_down(name, lock, false);
  progress(fmt_seconds("lab " + name + " is down after", Clock::now() - start));
  return true;
}

}  // namespace labctl::lab
