#pragma once

#include "contract/names.hpp"
#include "contract/payload.hpp"
#include "contract/record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What an operator's few words mean (contract 10): which app, and where to. Decisions only, no I/O. Every
// refusal is an Error{usage}, Error{not_found} or Error{invalid} that says what to type instead.
namespace labctl::operate {

// One entry below app/ in KV.
struct AppEntry {
  std::string app;                         // N, the key after "app/"
  std::optional<contract::Record> record;  // nullopt: the value does not read as one
  std::string malformed;                   // then: why
};
AppEntry app_entry(std::string_view key, std::string_view value);

// An app that KV knows; `name` is made of the stored URL and branch.
struct KnownApp {
  contract::AppName name;
  contract::Record record;
};

// Whether git could clone it: a URL with scheme, HOST:PATH, or an absolute path. Anything else is a short
// name.
bool is_full_url(std::string_view repo);

// The app that REPO and BRANCH name, nullopt if there is none. A full URL names one app exactly; a short name
// stands for whatever app is deployed from a repository of that name, whose URL nobody needs to type again:
// if there are several, that is an error that names them.
std::optional<KnownApp> find_app(const std::vector<AppEntry>& entries, std::string_view repo,
                                 std::string_view branch);
// The same; Error{not_found} with the nearest app if there is none.
KnownApp existing_app(const std::vector<AppEntry>& entries, std::string_view repo, std::string_view branch);

// The entry that a word names: N, "app/N", or N without its hash if that is clear.
const AppEntry& named_entry(const std::vector<AppEntry>& entries, std::string_view word,
                            const std::vector<std::string>& other_words = {});

// What was typed after `app deploy`.
struct DeployWish {
  std::string repo;
  std::string branch;
  std::optional<std::string> master;
  std::optional<std::string> slave;
  bool no_slave = false;
  bool update = false;
};

// Fills in what was not typed: for a known app from where it is now, so that with a slave and nothing typed
// the two swap.
contract::DeployRequest decide_deploy(const DeployWish& wish, const std::optional<KnownApp>& known);

// Error{usage} if a branch of that name is production, which nothing is migrated to.
void check_target_branch(std::string_view branch);

// Error{usage} if the target's branch is called prod or production, or is the source.
contract::MigrateRequest decide_migrate(const KnownApp& source, const KnownApp& target, bool update);

// Error{not_found} naming the nearest of the catalog's nodes.
void check_known_node(const std::string& node, const std::vector<std::string>& catalog);
void check_known_nodes(const contract::DeployRequest& request, const std::vector<std::string>& catalog);

// One deployment for each app mastered on `node`: its slave becomes the master, or `other` if it has none;
// `node` stays as slave if there was one. Entries that do not read are nobody's.
std::vector<contract::DeployRequest> decide_moves(const std::vector<AppEntry>& entries,
                                                  const std::string& node,
                                                  const std::optional<std::string>& other);

// Error{invalid} if Consul would not take the payload: says how long it is, how long it may be, and what
// makes it so.
void check_size(const contract::DeployRequest& request);
void check_size(const contract::DestroyRequest& request);
void check_size(const contract::MigrateRequest& request);

}  // namespace labctl::operate
