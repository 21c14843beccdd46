#include "agent/migration.hpp"

#include "agent/compose_runner.hpp"
#include "agent/mutants.hpp"
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
// Clients look once a second, and must see the maintenance key there before they see it gone.
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

contract::Record existing(Node& node, const std::string& app) {
  auto record = node.record(app);
  if (!record) throw Error(Kind::not_found, "no such app", app);
  return *record;
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

Migration::Migration(Node& node, std::string event_id, contract::MigrateRequest request)
    : node_(node), event_id_(std::move(event_id)), request_(std::move(request)) {}

void Migration::run() {
  source_ = existing(node_, request_.source.app);
  target_ = existing(node_, request_.target.app);
  if (request_.source.app == request_.target.app) {
    throw Error(Kind::invalid, "source and target are the same app", request_.source.app);
  }
  pairs_ = volume_pairs(source_.volumes, target_.volumes);
  const std::string& here = node_.settings.node;
  const bool same_node = source_.master == target_.master;
  spdlog::info("migrate {} from {} on {} to {} on {}, {} volumes", event_id_, request_.source.app,
               source_.master, request_.target.app, target_.master, pairs_.size());
  if (here == target_.master) {
    receive(same_node);
  } else if (here == source_.master) {
    send();
  }
}

void Migration::send() {
  Mark mark{event_id_, {}};
  try {
    const std::string address = node_.address_of(target_.master);
    std::vector<std::string> volumes;
    for (const auto& [from, into] : pairs_) volumes.push_back(from);
    mark.snapshots = send_volumes(node_, volumes, address);
  } catch (...) {
    attempt("put the failure mark", [&] {
      put_mark(node_, request_.source.app, "failure", {event_id_, {}});
    });
    throw;
  }
  put_mark(node_, request_.source.app, "success", mark);
  if (mutant("migrate-stops-source")) {
    for (const auto& [service, container] : source_.ct) node_.docker.stop(container, Deadline::in(1min));
  }
}

void Migration::receive(bool same_node) {
  Mark mark{event_id_, {}};
  if (same_node) {
    // Newer than what the schedule last took.
    std::vector<std::string> volumes;
    for (const auto& [from, into] : pairs_) volumes.push_back(from);
    mark.snapshots = snapshot_volumes(node_, volumes);
  } else {
    mark = await_release(node_, request_.source.app, event_id_, source_.master);
  }
  replace_data(mark);
}

bool Migration::migrable(const std::string& target_volume) {
  if (mutant("non-migrable-restored")) return true;
  if (mutant("migrate-restores-nothing")) return false;
  const auto volume = node_.docker.volume(target_volume, Deadline::in(1min));
  if (!volume) return true;
  const auto label = volume->labels.find(non_migrable_label);
  if (label == volume->labels.end()) return true;
  const auto value = lower(label->second);
  return value != "true" && value != "1";
}

std::string Migration::source_snapshot(const std::string& volume, const Mark& mark) {
  const auto sent = mark.snapshots.find(volume);
  return sent != mark.snapshots.end() ? sent->second : youngest_snapshot(node_, volume);
}

void Migration::replace_data(const Mark& mark) {
  const auto& target = request_.target;
  const auto directory = node_.old_clone(target, target_, "");
  if (!directory || !std::filesystem::exists(*directory)) {
    throw Error(Kind::not_found, "the clone of " + target.app + " is not here");
  }
  std::vector<VolumePair> replaced;
  for (const auto& pair : pairs_) {
    if (migrable(pair.second)) {
      replaced.push_back(pair);
    } else {
      spdlog::info("{} is labelled non-migrable and stays", pair.second);
    }
  }
  const ComposeRunner compose(target.project, *directory);
  const std::string maintenance = contract::maintenance_key(target.app);
  node_.consul.put(maintenance, "", Deadline::in(1min));
  const auto seen = Deadline::in(shortest_maintenance);
  std::vector<std::string> backups;
  std::optional<Error> failure;
  try {
    compose.down();
    for (const auto& [from, into] : replaced) {
      const std::string snapshot = source_snapshot(from, mark);
      if (snapshot.empty()) {
        spdlog::warn("no snapshot of {}, {} stays as it is", from, into);
        continue;
      }
      const std::string backup = node_.volumes.restore(snapshot, into);
      if (!backup.empty()) backups.push_back(backup);
    }
    if (!mutant("no-post-migrate"))
      compose.script("post_migrate.sh", {"-R", request_.source.repo_url, "-B", request_.source.branch, "-r",
                                         target.repo_url, "-b", target.branch});
    if (request_.update && !mutant("no-update-after-migrate") &&
        !compose.script("update.sh", {"-r", target.repo_url, "-b", target.branch})) {
      spdlog::warn("{}: an update is asked for, but there is no update.sh", target.app);
    }
  } catch (...) {
    failure = current_error();
    spdlog::error("{}: {}; its own data is put back", target.app, failure->line());
    attempt("put the data of " + target.app + " back", [&] {
      compose.down();
      for (const auto& backup : backups) node_.volumes.restore(backup);
    });
  }
  try {
    compose.up();
  } catch (...) {
    if (!failure) failure = current_error();
  }
  // Clients must see the key for a moment; it goes whatever happens to the wait for that.
  attempt("wait for " + maintenance + " to be seen", [&] { await_seen(maintenance, seen); });
  if (!mutant("migrate-keeps-maintenance")) node_.consul.remove(maintenance, Deadline::in(1min));
  if (failure) throw *failure;
}

// Ends early if somebody else ends the maintenance: then there is nothing left to be seen.
void Migration::await_seen(const std::string& maintenance, Deadline seen) {
  std::uint64_t index = 0;
  while (!seen.passed()) {
    const auto key = node_.consul.get(maintenance, consul::Blocking{index}, seen);
    if (!key.value) break;
    index = key.index;
  }
}

}  // namespace labctl::agent
