#include "operate/placement_rules.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "consul/client.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

namespace labctl::operate {
namespace {

constexpr std::string_view key_prefix = "app/";
constexpr std::size_t hash_size = 5;
constexpr const char* list_hint = "labctl app list shows what is deployed";

[[noreturn]] void refuse_wish(const std::string& what, std::string where = {}, std::string hint = {}) {
  throw Error(Kind::usage, what, std::move(where), std::move(hint));
}

std::string did_you_mean(const std::string& near) { return fmt::format("did you mean \"{}\"?", near); }

// "foo_master." of "foo_master.ddb14".
std::string without_hash(const std::string& app) { return app.substr(0, app.rfind('.') + 1); }

// Whether `app` is `stem` followed by a hash: "foo_v1." is not the stem of "foo_v1.2.ddb14".
bool is_stem(const std::string& stem, const std::string& app) {
  const auto hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  return app.size() == stem.size() + hash_size && app.starts_with(stem) &&
         std::all_of(app.end() - hash_size, app.end(), hex);
}

std::string quoted_app(const AppEntry& entry) {
  return entry.record ? fmt::format("{} of {}", entry.app, entry.record->repo_url) : entry.app;
}

std::string joined(const std::vector<const AppEntry*>& entries) {
  std::vector<std::string> texts;
  for (const auto* entry : entries) texts.push_back(quoted_app(*entry));
  return join(texts, ", ");
}

std::vector<std::string> app_names(const std::vector<AppEntry>& entries) {
  std::vector<std::string> names;
  for (const auto& entry : entries) names.push_back(entry.app);
  return names;
}

KnownApp known_app(const AppEntry& entry) {
  const auto where = std::string(key_prefix) + entry.app;
  if (!entry.record) throw Error(Kind::invalid, "is not an app record: " + entry.malformed, where);
  auto name = contract::app_name(entry.record->repo_url, entry.record->branch);
  if (name.app != entry.app) {
    throw Error(
        Kind::invalid,
        fmt::format("its repository '{}' and branch '{}' name another app", name.repo_url, name.branch),
        where);
  }
  if (entry.record->at.master.empty()) throw Error(Kind::invalid, "names no master", where);
  return {std::move(name), *entry.record};
}

std::string wanted_branch(std::string_view branch) {
  auto wanted = trim(branch);
  if (wanted.empty()) refuse_wish("the branch is empty");
  return wanted;
}

bool is_production(const std::string& branch) {
  const auto name = lower(branch);
  return name == "prod" || name == "production";
}

struct Part {
  std::string name;
  std::string text;
};

void check_size_of(const std::string& event, const std::string& payload, const contract::AppName& app,
                   const std::vector<Part>& parts) {
  const auto room = consul::usable_payload(event);
  if (payload.size() <= room) return;
  std::string sizes;
  for (const auto& part : parts) {
    sizes += fmt::format("{} {} has {}", sizes.empty() ? "; the" : ", the", part.name, part.text.size());
  }
  throw Error(Kind::invalid,
              fmt::format("the payload of event {} has {} bytes, Consul takes {}{}", event, payload.size(),
                          room, sizes),
              app.app.substr(0, 60), "nothing was sent");
}

}  // namespace

AppEntry app_entry(std::string_view key, std::string_view value) {
  if (key.starts_with(key_prefix)) key.remove_prefix(key_prefix.size());
  AppEntry entry{std::string(key), std::nullopt, {}};
  try {
    entry.record = contract::parse_record(value);
  } catch (const Error& error) {
    entry.malformed = error.what();
  }
  return entry;
}

bool is_full_url(std::string_view repo) {
  const auto text = trim(repo);
  const auto colon = text.find(':');
  const auto slash = text.find('/');
  return text.starts_with("/") || text.find("://") != std::string::npos ||
         (colon != std::string::npos && colon < slash);
}

std::optional<KnownApp> find_app(const std::vector<AppEntry>& entries, std::string_view repo,
                                 std::string_view branch) {
  const auto wanted = contract::app_name(repo, wanted_branch(branch));
  if (wanted.repo_url.empty()) refuse_wish("the repository is empty");
  std::vector<const AppEntry*> hits;
  for (const auto& entry : entries) {
    if (is_full_url(repo)) {
      if (entry.app == wanted.app) hits.push_back(&entry);
    } else if (is_stem(without_hash(wanted.app), entry.app) &&
               (!entry.record || entry.record->branch == wanted.branch)) {
      hits.push_back(&entry);
    }
  }
  if (hits.size() > 1) {
    refuse_wish(fmt::format("{} apps have this name: {}", hits.size(), joined(hits)),
                fmt::format("{} {}", wanted.repo_url, wanted.branch), "give the full URL of one");
  }
  if (hits.empty()) return std::nullopt;
  return known_app(*hits.front());
}

KnownApp existing_app(const std::vector<AppEntry>& entries, std::string_view repo, std::string_view branch) {
  if (auto known = find_app(entries, repo, branch)) return *std::move(known);
  const auto wanted = contract::app_name(repo, branch);
  const auto near = nearest(wanted.app, app_names(entries));
  throw Error(Kind::not_found, "no such app is deployed",
              fmt::format("{} {}", wanted.repo_url, wanted.branch),
              near.empty() ? list_hint : fmt::format("did you mean {}? {}", near, list_hint));
}

const AppEntry& named_entry(const std::vector<AppEntry>& entries, std::string_view word,
                            const std::vector<std::string>& other_words) {
  if (word.starts_with(key_prefix)) word.remove_prefix(key_prefix.size());
  const auto wanted = std::string(word);
  std::vector<const AppEntry*> hits;
  for (const auto& entry : entries) {
    if (entry.app == wanted) return entry;
    if (is_stem(wanted + ".", entry.app)) hits.push_back(&entry);
  }
  if (hits.size() == 1) return *hits.front();
  if (hits.size() > 1) refuse_wish(fmt::format("stands for {} apps: {}", hits.size(), joined(hits)), wanted);
  auto candidates = app_names(entries);
  candidates.insert(candidates.end(), other_words.begin(), other_words.end());
  const auto near = nearest(wanted, candidates);
  throw Error(Kind::not_found, fmt::format("no app and no node is called \"{}\"", wanted), {},
              near.empty() ? list_hint : did_you_mean(near));
}

contract::DeployRequest decide_deploy(const DeployWish& wish, const std::optional<KnownApp>& known) {
  if (wish.no_slave && wish.slave) refuse_wish("--slave and --no-slave exclude each other");
  contract::DeployRequest request;
  request.update = wish.update;
  request.at.slave = wish.slave;
  if (!known) {
    request.app = contract::app_name(wish.repo, wanted_branch(wish.branch));
    if (!is_full_url(wish.repo)) {
      refuse_wish("no such app is deployed: a new one needs the full URL of its repository and --master",
                  fmt::format("{} {}", request.app.repo_url, request.app.branch), list_hint);
    }
    if (!wish.master) {
      refuse_wish("no such app is deployed: a new one needs --master",
                  fmt::format("{} {}", request.app.repo_url, request.app.branch), list_hint);
    }
    request.at.master = *wish.master;
  } else {
    request.app = known->name;
    const auto& old_master = known->record.at.master;
    const auto& old_slave = known->record.at.slave;
    if (!old_slave || wish.no_slave) {
      request.at.master = wish.master.value_or(old_master);
    } else if (!wish.master && !wish.slave) {
      request.at.master = *old_slave;
      request.at.slave = old_master;
    } else if (!wish.slave) {
      request.at.master = *wish.master;
      request.at.slave = *wish.master == old_master ? *old_slave : old_master;
    } else {
      request.at.master = wish.master ? *wish.master : *wish.slave == *old_slave ? old_master : *old_slave;
    }
  }
  if (request.at.slave == request.at.master)
    refuse_wish("master and slave would be the same node: " + request.at.master, request.app.app);
  try {
    return contract::parse_deploy(contract::to_payload(request));  // throws if a handler would refuse it
  } catch (const nlohmann::json::exception&) {
    throw Error(Kind::invalid, "an argument of the command is not UTF-8", request.app.app);
  }
}

void check_target_branch(std::string_view branch) {
  if (is_production(trim(branch))) {
    refuse_wish(fmt::format("nothing is migrated to branch {}: its data would be replaced", trim(branch)));
  }
}

contract::MigrateRequest decide_migrate(const KnownApp& source, const KnownApp& target, bool update) {
  check_target_branch(target.name.branch);
  if (source.name == target.name) refuse_wish("source and target are the same app", source.name.app);
  return {source.name, target.name, update};
}

void check_known_node(const std::string& node, const std::vector<std::string>& catalog) {
  if (std::find(catalog.begin(), catalog.end(), node) != catalog.end()) return;
  const auto near = nearest(node, catalog);
  throw Error(Kind::not_found, fmt::format("Consul's catalog has no node \"{}\"", node), {},
              near.empty() ? "its nodes: " + join(catalog, ", ") : did_you_mean(near));
}

void check_known_nodes(const contract::DeployRequest& request, const std::vector<std::string>& catalog) {
  for (const auto& node : request.at.nodes()) check_known_node(node, catalog);
}

std::vector<contract::DeployRequest> decide_moves(const std::vector<AppEntry>& entries,
                                                  const std::string& node,
                                                  const std::optional<std::string>& other) {
  if (other == node) refuse_wish("the masters are to leave this node, --master names it again", node);
  std::vector<contract::DeployRequest> moves;
  std::vector<std::string> stuck;
  for (const auto& entry : entries) {
    if (!entry.record || entry.record->at.master != node) continue;
    const auto known = known_app(entry);
    contract::DeployRequest request;
    request.app = known.name;
    if (known.record.at.slave) {
      request.at.master = *known.record.at.slave;
      request.at.slave = node;
    } else if (other) {
      request.at.master = *other;
    } else {
      stuck.push_back(entry.app);
      continue;
    }
    if (request.at.slave == request.at.master) {
      throw Error(Kind::invalid, "its master and slave are the same node",
                  std::string(key_prefix) + entry.app);
    }
    moves.push_back(std::move(request));
  }
  if (!stuck.empty()) {
    refuse_wish("no slave can take over " + join(stuck, ", "), node,
                "--master names the node for apps without one");
  }
  return moves;
}

void check_size(const contract::DeployRequest& request) {
  std::vector<Part> parts{{"repository URL", request.app.repo_url},
                          {"branch", request.app.branch},
                          {"master", request.at.master}};
  if (request.at.slave) parts.push_back({"slave", *request.at.slave});
  check_size_of("deploy", contract::to_payload(request), request.app, parts);
}

void check_size(const contract::DestroyRequest& request) {
  check_size_of("destroy", contract::to_payload(request), request.app,
                {{"repository URL", request.app.repo_url}, {"branch", request.app.branch}});
}

void check_size(const contract::MigrateRequest& request) {
  check_size_of("migrate", contract::to_payload(request), request.source,
                {{"source's URL", request.source.repo_url},
                 {"source's branch", request.source.branch},
                 {"target's URL", request.target.repo_url},
                 {"target's branch", request.target.branch}});
}

}  // namespace labctl::operate
