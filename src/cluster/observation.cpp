#include "cluster/observation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <utility>

namespace labctl::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto look_budget = 20s;

}  // namespace

std::vector<Schedule> look_at_schedules(Cluster& cluster, const std::string& node, const AppName& app) {
  std::vector<Schedule> mine;
  for (auto& schedule : parse_schedules(cluster.exec_checked(node, {"buttervolume", "scheduled"}))) {
    if (schedule.volume.starts_with(volume_name(app.project, ""))) mine.push_back(std::move(schedule));
  }
  return mine;
}

std::vector<std::string> look_at_clones(Cluster& cluster, const std::string& node, const AppName& app) {
  std::vector<std::string> mine;
  for (const auto& name :
       lines(cluster.exec_checked(node, {"ls", "-1", cluster.conventions().deploy_root}))) {
    if (name.starts_with(app.app + "-") || name.starts_with(app.app + "@")) mine.push_back(name);
  }
  return mine;
}

std::vector<Snapshot> look_at_snapshots(Cluster& cluster, const std::string& node, const AppName& app,
                                        const std::vector<std::string>& volume_keys) {
  std::vector<Snapshot> all;
  for (const auto& key : volume_keys) {
    const auto volume = volume_name(app.project, key);
    // Older plugins list every volume's.
    for (auto& one : parse_snapshots(cluster.exec_checked(node, {"buttervolume", "snapshots", volume}))) {
      if (one.volume == volume) all.push_back(std::move(one));
    }
  }
  return all;
}

std::string clone_head(Cluster& cluster, const std::string& node, const std::string& clone) {
  // The clone may belong to another user than the one we look as.
  return trim(
      cluster.exec_checked(node, {"git", "-c", "safe.directory=*", "-C",
                                  cluster.conventions().deploy_root + "/" + clone, "rev-parse", "HEAD"}));
}

std::optional<std::string> clone_file(Cluster& cluster, const std::string& node, const std::string& clone,
                                      const std::string& path) {
  const auto& conventions = cluster.conventions();
  return cluster.docker(node).read_file(conventions.consul_container,
                                        conventions.deploy_root + "/" + clone + "/" + path,
                                        cluster.within(look_budget));
}

std::string remote_commit(Cluster& cluster, const std::string& node, const AppName& app) {
  const auto out = cluster.exec_checked(node, {"git", "ls-remote", app.repo_url, "refs/heads/" + app.branch,
                                               "refs/tags/" + app.branch + "^{}", "refs/tags/" + app.branch});
  const auto found = lines(out);
  if (found.empty()) {
    throw Error(Kind::not_found, "the repository has no branch or tag " + app.branch, app.repo_url);
  }
  return found.front().substr(0, found.front().find('\t'));
}

Observation::Observation(Cluster& cluster, const AppName& name, std::vector<std::string> volume_keys)
    : app(name),
      containers(cluster,
                 [&cluster, name](const std::string& node) {
                   return cluster.docker(node).containers(volume_name(name.project, ""),
                                                          cluster.within(look_budget));
                 }),
      volumes(cluster,
              [&cluster, name](const std::string& node) {
                return cluster.docker(node).volumes(volume_name(name.project, ""),
                                                    cluster.within(look_budget));
              }),
      networks(cluster,
               [&cluster, name](const std::string& node) {
                 return cluster.docker(node).networks(volume_name(name.project, ""),
                                                      cluster.within(look_budget));
               }),
      schedules(cluster,
                [&cluster, name](const std::string& node) { return look_at_schedules(cluster, node, name); }),
      clones(cluster,
             [&cluster, name](const std::string& node) { return look_at_clones(cluster, node, name); }),
      snapshots(cluster, [&cluster, name, keys = std::move(volume_keys)](const std::string& node) {
        return look_at_snapshots(cluster, node, name, keys);
      }) {}

}  // namespace labctl::cluster
