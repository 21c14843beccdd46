#include "agent/migration.hpp"

#include "agent/release.hpp"
#include "agent/transfer.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

constexpr auto non_migrable_label = "com.github.mlfmonde.cluster.nonmigrable";
// Clients poll once a second. They must see that the maintenance key exists before it is removed.
constexpr auto shortest_maintenance = 1500ms;

std::string key_of(const std::string& volume) {
  const auto underscore = volume.find('_');
  return underscore == std::string::npos ? "" : volume.substr(underscore + 1);
}

void attempt(const std::string& what, const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    spdlog::error("cannot {}: {}", what, current_error().line());
  }
}

contract::Record existing(LocalNode& node, const std::string& app) {
  auto record = node.record(app);
  if (!record) throw Error(Kind::not_found, "no such app", app);
  return *record;
}

bool migrable(LocalNode& node, const std::string& target_volume) {
  const auto volume = node.docker.volume(target_volume, Deadline::in(1min));
  if (!volume) return true;
  const auto label = volume->labels.find(non_migrable_label);
  if (label == volume->labels.end()) return true;
  const auto value = lower(label->second);
  return value != "true" && value != "1";
}

std::vector<std::string> source_volumes(const std::vector<VolumePair>& pairs) {
  std::vector<std::string> volumes;
  for (const auto& [from, into] : pairs) volumes.push_back(from);
  return volumes;
}

}  // namespace

std::vector<VolumePair> volume_pairs(const std::vector<std::string>& source,
                                     const std::vector<std::string>& target) {
  std::vector<VolumePair> pairs;
  for (const auto& from : source) {
    const std::string key = key_of(from);
    const auto same = [&](const std::string& into) { return !key.empty() && key_of(into) == key; };
    const auto into = std::find_if(target.begin(), target.end(), same);
    if (into != target.end()) pairs.emplace_back(from, *into);
  }
  return pairs;
}

void MigrationSteps::send() {
  const std::string& app = request.source.app;
  try {
    mark.snapshots = send_volumes(node, source_volumes(pairs), node.address_of(target.at.master));
  } catch (...) {
    attempt("put the failure mark", [&] { put_mark(node, app, "failure", {event_id, {}}); });
    throw;
  }
  put_mark(node, app, "success", mark);
}

void MigrationSteps::replace_volumes() {
  std::vector<VolumePair> replaced;
  for (const auto& pair : pairs) {
    if (migrable(node, pair.second)) {
      replaced.push_back(pair);
    } else {
      spdlog::info("{} is labelled non-migrable and stays", pair.second);
    }
  }
  restore(replaced);
}

void MigrationSteps::restore(const std::vector<VolumePair>& replaced) {
  for (const auto& [from, into] : replaced) {
    const auto sent = mark.snapshots.find(from);
    const std::string snapshot = sent != mark.snapshots.end() ? sent->second : youngest_snapshot(node, from);
    if (snapshot.empty()) {
      spdlog::warn("no snapshot of {}, {} stays as it is", from, into);
      continue;
    }
    const std::string backup = node.volumes.restore(snapshot, into);
    if (!backup.empty()) backups.push_back(backup);
  }
}

void MigrationSteps::post_migrate() {
  const auto &from = request.source, &into = request.target;
  compose().script("post_migrate.sh",
                   {"-R", from.repo_url, "-B", from.branch, "-r", into.repo_url, "-b", into.branch});
}

void MigrationSteps::update() {
  const auto& into = request.target;
  if (request.update && !compose().script("update.sh", {"-r", into.repo_url, "-b", into.branch})) {
    spdlog::warn("{}: an update is asked for, but there is no update.sh", into.app);
  }
}

void MigrationSteps::end_maintenance() {
  node.consul.remove(contract::maintenance_key(request.target.app), Deadline::in(1min));
}

Migration::Migration(LocalNode& node, std::string event_id, contract::MigrateRequest request,
                     const MigrationTable& table)
    : steps_{node, std::move(event_id), std::move(request), {}, {}, {}, {}, {}, {}}, table_(table) {
  steps_.mark.event_id = steps_.event_id;
}

void Migration::run() {
  auto& s = steps_;
  const std::string &from = s.request.source.app, &into = s.request.target.app;
  s.source = existing(s.node, from);
  s.target = existing(s.node, into);
  if (from == into) throw Error(Kind::invalid, "source and target are the same app", from);
  s.pairs = volume_pairs(s.source.volumes, s.target.volumes);
  const std::string& here = s.node.settings.node;
  spdlog::info("migrate {} from {} on {} to {} on {}, {} volumes", s.event_id, from, s.source.at.master, into,
               s.target.at.master, s.pairs.size());
  if (here == s.target.at.master) {
    receive(s.source.at.master == s.target.at.master);
  } else if (here == s.source.at.master) {
    table_.send(s);
  }
}

void Migration::receive(bool same_node) {
  auto& s = steps_;
  if (same_node) {
    // New snapshots: those of the schedule are older.
    s.mark.snapshots = snapshot_volumes(s.node, source_volumes(s.pairs));
  } else {
    s.mark = await_release(s.node, s.request.source.app, s.event_id, s.source.at.master);
  }
  replace_data();
}

void Migration::replace_data() {
  auto& s = steps_;
  const auto& app = s.request.target.app;
  const auto directory = s.node.old_clone(s.request.target, s.target, "");
  if (!directory || !std::filesystem::exists(*directory)) {
    throw Error(Kind::not_found, "the clone of " + app + " is not here");
  }
  s.directory = *directory;
  const std::string maintenance = contract::maintenance_key(app);
  s.node.consul.put(maintenance, "", Deadline::in(1min));
  const auto seen = Deadline::in(shortest_maintenance);
  std::optional<Error> failure;
  try {
    s.compose().down();
    table_.replace_volumes(s);
    table_.post_migrate(s);
    table_.update(s);
  } catch (...) {
    failure = current_error();
    spdlog::error("{}: {}; its own data is put back", app, failure->line());
    attempt("put the data of " + app + " back", [&] {
      s.compose().down();
      for (const auto& backup : s.backups) s.node.volumes.restore(backup);
    });
  }
  try {
    s.compose().up();
  } catch (...) {
    if (!failure) failure = current_error();
  }
  // Clients must have time to see the key. It is removed even if this wait fails.
  attempt("wait for " + maintenance + " to be seen", [&] { await_seen(maintenance, seen); });
  table_.end_maintenance(s);
  if (failure) throw *failure;
}

// Ends early if another process removes the key.
void Migration::await_seen(const std::string& maintenance, Deadline seen) {
  std::uint64_t index = 0;
  while (!seen.passed()) {
    const auto key = steps_.node.consul.get(maintenance, consul::Blocking{index}, seen);
    if (!key.value) break;
    index = key.index;
  }
}

}  // namespace labctl::agent
