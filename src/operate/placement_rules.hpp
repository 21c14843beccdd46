#pragma once

#include "contract/names.hpp"
#include "contract/payload.hpp"
#include "contract/record.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Converts an operator's arguments (contract 10) to an app and a placement. Decisions only, no I/O. Every
// error is an Error{usage}, Error{not_found} or Error{invalid} that says what to type instead.
namespace labctl::operate {

// One entry below app/ in KV.
struct AppEntry {
  std::string app;                         // N, the key after "app/"
  std::optional<contract::Record> record;  // nullopt: the value is malformed
  std::string malformed;                   // if malformed: why
};
AppEntry app_entry(std::string_view key, std::string_view value);

// An app in KV; `name` is derived from the stored URL and branch.
struct KnownApp {
  contract::AppName name;
  contract::Record record;
};

// Whether git could clone it: a URL with scheme, HOST:PATH, or an absolute path. Anything else is a short
// name.
bool is_full_url(std::string_view repo);

// The app of REPO and BRANCH, nullopt if there is none. A full URL names exactly one app; a short name
// matches any deployed app whose repository has that name, so that the URL need not be typed again. Several
// matches are an error that names them.
std::optional<KnownApp> find_app(const std::vector<AppEntry>& entries, std::string_view repo,
                                 std::string_view branch);
// The same; Error{not_found} with the nearest app if there is none.
KnownApp existing_app(const std::vector<AppEntry>& entries, std::string_view repo, std::string_view branch);

// The entry that a word names: N, "app/N", or N without its hash if that is unambiguous.
const AppEntry& named_entry(const std::vector<AppEntry>& entries, std::string_view word,
                            const std::vector<std::string>& other_words = {});

// The arguments of `app deploy`.
struct DeployWish {
  std::string repo;
  std::string branch;
  std::optional<std::string> master;
  std::optional<std::string> slave;
  bool no_slave = false;
  bool update = false;
};

// Fills in missing arguments. For a known app they come from its current placement; without arguments, master
// and slave swap.
contract::DeployRequest decide_deploy(const DeployWish& wish, const std::optional<KnownApp>& known);

// Error{usage} if the branch name means production: migration into it is not allowed.
void check_target_branch(std::string_view branch);

// Error{usage} if the target's branch is called prod or production, or is the source.
contract::MigrateRequest decide_migrate(const KnownApp& source, const KnownApp& target, bool update);

// Error{not_found} names the nearest node of the catalog.
void check_known_node(const std::string& node, const std::vector<std::string>& catalog);
void check_known_nodes(const contract::DeployRequest& request, const std::vector<std::string>& catalog);

// One deployment for each app whose master is `node`: its slave becomes the master, or `other` if it has
// none; `node` becomes the slave if there was one. Malformed entries are skipped.
std::vector<contract::DeployRequest> decide_moves(const std::vector<AppEntry>& entries,
                                                  const std::string& node,
                                                  const std::optional<std::string>& other);

// Error{invalid} if the payload exceeds Consul's limit: names its size, the limit, and the field that makes
// it long.
void check_size(const contract::DeployRequest& request);
void check_size(const contract::DestroyRequest& request);
void check_size(const contract::MigrateRequest& request);

}  // namespace labctl::operate
