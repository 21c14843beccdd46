#include "observe/observation.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster/budgets.hpp"

#include <utility>

namespace labctl::observe {
namespace {

template <typename T, typename Look>
Seen<T> observed(Look look) {
  try {
    return Seen<T>(look());
  } catch (...) {
    const Error e = current_error();
    if (e.kind() == Kind::interrupted) throw;
    return Seen<T>(e);
  }
}

std::vector<contract::Record> read_record(cluster::Cluster& cluster, const std::string& app) {
  auto record = cluster.record(app);
  return record ? std::vector{std::move(*record)} : std::vector<contract::Record>{};
}

std::vector<std::string> read_marks(cluster::Cluster& cluster, const std::string& app) {
  return cluster.ask_consul([&](consul::Client& consul, Deadline deadline) {
    std::vector<std::string> marks;
    if (consul.get(contract::maintenance_key(app), deadline)) marks.push_back(contract::maintenance_key(app));
    for (const auto& mark : consul.list(contract::migrate_prefix(app), deadline)) marks.push_back(mark.key);
    return marks;
  });
}

// Compose names the images that it builds P_service or P-service.
std::vector<std::string> built_images(const std::vector<docker::Image>& images,
                                      const std::optional<contract::AppName>& app) {
  std::vector<std::string> names;
  for (const auto& image : images) {
    for (const auto& name : image.names) {
      if (app ? name.starts_with(app->project + "_") || name.starts_with(app->project + "-")
              : !image.from_registry)
        names.push_back(name);
    }
  }
  return names;
}

std::vector<consul::Member> members_of(consul::Client& consul, Deadline deadline) {
  return consul.members(deadline);
}

}  // namespace

void see_engine(cluster::Cluster& cluster, const std::string& node,
                const std::optional<contract::AppName>& app, NodeSeen& seen) {
  auto& docker = cluster.docker(node);
  const auto prefix = app ? contract::volume_name(app->project, "") : "";
  const auto soon = [&] { return cluster.within(cluster::look_budget); };
  seen.containers = observed<docker::Container>([&] { return docker.containers(prefix, soon()); });
  seen.volumes = observed<docker::Volume>([&] { return docker.volumes(prefix, soon()); });
  seen.networks = observed<std::string>([&] { return docker.networks(prefix, soon()); });
  seen.images = observed<std::string>([&] { return built_images(docker.images(soon()), app); });
}

void take_inside(NodeSeen& seen, NodeLook look) {
  seen.schedules = std::move(look.schedules);
  seen.snapshots = std::move(look.snapshots);
  seen.clones = std::move(look.clones);
  seen.clone_names = observed<std::string>([&] {
    std::vector<std::string> names;
    for (const auto& clone : seen.clones.get()) names.push_back(clone.name);
    return names;
  });
}

void take_inside(NodeSeen& seen, const Error& why) {
  take_inside(seen, NodeLook{Seen<Schedule>(why), Seen<Snapshot>(why), Seen<Clone>(why)});
}

NodeSeen see_node(cluster::Cluster& cluster, const std::string& node,
                  const std::optional<contract::AppName>& app) {
  NodeSeen seen;
  // In parallel: the look inside the node may have to start a process, which takes longer than the engine's
  // lists.
  cluster.side_by_side(
      [&] {
        try {
          take_inside(seen, look_at_node(cluster, node, app));
        } catch (...) {
          const Error e = current_error();
          if (e.kind() == Kind::interrupted) throw;
          take_inside(seen, e);
        }
      },
      [&] { see_engine(cluster, node, app, seen); });
  return seen;
}

std::map<std::string, NodeSeen> see_nodes(cluster::Cluster& cluster,
                                          const std::optional<contract::AppName>& app) {
  return cluster.on_nodes(cluster.nodes(),
                          [&](const std::string& node) { return see_node(cluster, node, app); });
}

std::optional<std::string> clone_file(cluster::Cluster& cluster, const std::string& node,
                                      const std::string& clone, const std::string& path) {
  const auto& conventions = cluster.conventions();
  return cluster.docker(node).read_file(conventions.consul_container,
                                        conventions.deploy_root + "/" + clone + "/" + path,
                                        cluster.within(cluster::look_budget));
}

std::string remote_commit(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app) {
  const auto out = cluster.exec_checked(node, {"git", "ls-remote", app.repo_url, "refs/heads/" + app.branch,
                                               "refs/tags/" + app.branch + "^{}", "refs/tags/" + app.branch});
  const auto found = lines(out);
  if (found.empty()) {
    throw Error(Kind::not_found, "the repository has no branch or tag " + app.branch, app.repo_url);
  }
  return found.front().substr(0, found.front().find('\t'));
}

Observation::Observation(cluster::Cluster& cluster, const contract::AppName& name)
    : nodes_(std::make_shared<std::map<std::string, NodeSeen>>()),
      app(name),
      containers(nodes_, &NodeSeen::containers),
      volumes(nodes_, &NodeSeen::volumes),
      networks(nodes_, &NodeSeen::networks),
      schedules(nodes_, &NodeSeen::schedules),
      clones(nodes_, &NodeSeen::clone_names),
      snapshots(nodes_, &NodeSeen::snapshots) {
  cluster.side_by_side([&] { *nodes_ = see_nodes(cluster, name); },
                       [&] {
                         record = observed<contract::Record>([&] { return read_record(cluster, name.app); });
                         marks = observed<std::string>([&] { return read_marks(cluster, name.app); });
                         members = observed<consul::Member>([&] { return cluster.ask_consul(members_of); });
                       });
}

std::optional<Clone> Observation::clone(const std::string& node, const std::string& name) const {
  for (const auto& one : nodes_->at(node).clones.get()) {
    if (one.name == name) return one;
  }
  return std::nullopt;
}

std::string Observation::address(const std::string& node) const {
  for (const auto& member : members.get()) {
    if (member.name == node) return member.address;
  }
  throw Error(Kind::not_found, "Consul has no member of that name", node);
}

}  // namespace labctl::observe
