#include "scenarios/service_repository.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/names.hpp"

#include <chrono>

namespace labctl::scenarios {
namespace {

using namespace std::chrono_literals;

constexpr auto git_budget = 30s;

// Author and message of the commit show in the repository where its branches come from. The commit has the
// date of its source, so that its id is always the same.
constexpr const char* publish_script = R"SH(set -eu
repository=$1 source=$2 target=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_AUTHOR_NAME=labctl GIT_COMMITTER_NAME=labctl GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_EMAIL=labctl@localhost GIT_COMMITTER_EMAIL=labctl@localhost
git init --quiet "$work"
cd "$work"
git fetch --quiet --depth 1 "$repository" "refs/heads/$source"
git read-tree FETCH_HEAD
git checkout-index --all
for file in docker-compose.yml *.sh; do
  if [ -f "$file" ]; then sed -i "$@" "$file"; fi
done
git add --all --force -- .
GIT_AUTHOR_DATE=$(git log -1 --format=%cI FETCH_HEAD)
export GIT_AUTHOR_DATE GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE
commit=$(git commit-tree -m "$target: $source, as a scenario of labctl deploys it" "$(git write-tree)")
git push --quiet "$repository" "+$commit:refs/heads/$target"
printf '%s\n' "$commit"
)SH";

constexpr const char* remove_script = R"SH(set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git init --quiet --bare "$work"
GIT_TERMINAL_PROMPT=0 git -C "$work" push --quiet "$1" ":refs/heads/$2"
)SH";

std::string repository_of(const cluster::Cluster& cluster) {
  return contract::app_name(cluster.conventions().service.repo, "").repo_url;
}

void require_writable(const cluster::Cluster& cluster) {
  if (cluster.conventions().service.writable) return;
  throw Error(Kind::usage, "the inventory does not say that labctl may push to it", repository_of(cluster),
              "cluster: {service: {writable: true}} in the inventory, with a repository of your own");
}

// "s/FROM/TO/g" for whole words, with the dots of FROM escaped.
std::string substitution(const std::string& from, const std::string& to) {
  return "s/\\b" + replace_all(from, ".", "\\.") + "\\b/" + to + "/g";
}

}  // namespace

std::string marked_branch(const cluster::Slot& slot, const std::string& branch) { return branch + slot.mark; }

std::string marked_domain(const cluster::Slot& slot, const std::string& domain) {
  return slot.number == 0 ? domain : "s" + std::to_string(slot.number) + "." + domain;
}

std::string marked_name(const cluster::Slot& slot, const std::string& name) { return name + slot.mark; }

std::string publish_branch(cluster::Cluster& cluster, const std::string& source, const std::string& target) {
  require_writable(cluster);
  const auto& slot = cluster.slot();
  const auto port = std::to_string(cluster.conventions().service.ssh_port);
  std::vector<std::string> argv{
      "timeout", "30", "sh", "-c", publish_script, "publish", repository_of(cluster), source, target};
  for (const std::string domain : {"service.cluster.lab", "service.qualif.cluster.lab"}) {
    argv.insert(argv.end(), {"-e", substitution(domain, marked_domain(slot, domain))});
  }
  for (const std::string name : {"sshanyblok", "anyssh"}) {
    argv.insert(argv.end(), {"-e", substitution(name, marked_name(slot, name))});
  }
  argv.insert(argv.end(), {"-e", substitution(port, std::to_string(slot.ssh_port))});
  return trim(cluster.exec_checked(cluster.nodes().front(), argv, git_budget));
}

void remove_branch(cluster::Cluster& cluster, const std::string& branch) {
  require_writable(cluster);
  const auto result = cluster.exec(
      cluster.nodes().front(),
      {"timeout", "30", "sh", "-c", remove_script, "remove", repository_of(cluster), branch}, git_budget);
  if (result.ok() || result.err.find("remote ref does not exist") != std::string::npos) return;
  throw Error(Kind::unavailable, "branch " + branch + " cannot be removed: " + last_line(result.err),
              repository_of(cluster));
}

}  // namespace labctl::scenarios
