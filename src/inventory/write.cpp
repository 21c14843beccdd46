#include "inventory/write.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "inventory/default_forwards.hpp"
#include "inventory/local_ends.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>

namespace labctl::inventory {
namespace {

using YAML::BeginMap;
using YAML::EndMap;
using YAML::Flow;
using YAML::Key;

// Whether the value is written once, under defaults: only if all nodes have it, because a node cannot reset a
// default.
template <typename T>
bool shared(const std::vector<Node>& nodes, T Node::*value) {
  return std::all_of(nodes.begin(), nodes.end(),
                     [&](const Node& node) { return node.*value == nodes.front().*value; });
}

std::string with_runtime(const Endpoint& end, const std::string& name) {
  const auto text = to_string(end);
  const auto folder = (runtime_dir() / name).string() + "/";
  return text.starts_with(folder) ? "{runtime}/" + text.substr(folder.size()) : text;
}

bool docker_is_default(const Inventory& inventory) {
  const auto forwards = default_forwards(inventory);
  return std::equal(forwards.begin() + 1, forwards.end(), inventory.forwards.begin() + 1);
}

std::string docker_pattern(const Inventory& inventory) {
  if (docker_is_default(inventory)) return default_docker_local;
  const auto pattern = [&](const Node& node) {
    const auto text = with_runtime(inventory.docker(node.name).local, inventory.name);
    const auto slash = text.rfind('/') + 1;  // the folders may contain the node's name too
    return text.substr(0, slash) + replace_all(text.substr(slash), node.name, "{node}");
  };
  auto first = pattern(inventory.nodes.front());
  const auto same = [&](const Node& node) {
    return pattern(node) == first &&
           inventory.docker(node.name).remote == inventory.docker(inventory.nodes.front().name).remote;
  };
  if (std::all_of(inventory.nodes.begin(), inventory.nodes.end(), same)) return first;
  throw Error(Kind::invalid, "the docker forwards have no common pattern", inventory.name);
}

class Writer {
public:
  Writer(const Inventory& inventory, Values values) : inventory_(inventory), values_(values) {}

  std::string text() {
    out_ << BeginMap << Key << "version" << YAML::Value << 1;
    if (values_ == Values::non_default || !inventory_.source.empty() || inventory_.name != "default")
      out_ << Key << "name" << YAML::Value << inventory_.name;
    nodes();
    forwards();
    if (!inventory_.hosts.empty()) {
      out_ << Key << "hosts" << YAML::Value << BeginMap;
      for (const auto& [host, node] : inventory_.hosts) out_ << Key << host << YAML::Value << node;
      out_ << EndMap;
    }
    cluster();
    out_ << EndMap;
    return std::string(out_.c_str()) + "\n";
  }

private:
  void nodes() {
    const auto& all = inventory_.nodes;
    const Node plain;
    Node common;
    if (shared(all, &Node::user)) common.user = all.front().user;
    if (shared(all, &Node::port)) common.port = all.front().port;
    if (shared(all, &Node::identity)) common.identity = all.front().identity;
    if (shared(all, &Node::known_hosts)) common.known_hosts = all.front().known_hosts;
    if (shared(all, &Node::use_agent)) common.use_agent = all.front().use_agent;
    if (common != plain) {
      out_ << Key << "defaults" << YAML::Value << BeginMap;
      login(common, plain);
      out_ << EndMap;
    }
    out_ << Key << "nodes" << YAML::Value << BeginMap;
    for (const auto& node : all) {
      out_ << Key << node.name << YAML::Value << Flow << BeginMap << Key << "address" << YAML::Value
           << node.address;
      login(node, common);
      out_ << EndMap;
    }
    out_ << EndMap;
  }

  // Writes the values that differ from `otherwise`.
  void login(const Node& node, const Node& otherwise) {
    if (node.user != otherwise.user) out_ << Key << "user" << YAML::Value << node.user;
    if (node.port != otherwise.port) out_ << Key << "port" << YAML::Value << node.port;
    if (node.identity != otherwise.identity)
      out_ << Key << "identity" << YAML::Value << node.identity->string();
    if (node.known_hosts != otherwise.known_hosts)
      out_ << Key << "known_hosts" << YAML::Value << node.known_hosts.string();
    if (node.use_agent != otherwise.use_agent) out_ << Key << "agent" << YAML::Value << node.use_agent;
  }

  void ends(const Forward& forward, const std::string& local) {
    out_ << Key << "remote" << YAML::Value << YAML::DoubleQuoted << to_string(forward.remote);
    out_ << Key << "local" << YAML::Value << YAML::DoubleQuoted << local;
  }

  void extra_ends(const Forward& forward, const std::string& local) {
    switch (forward.direction) {
      case Forward::Direction::local:
        return ends(forward, local);
      case Forward::Direction::remote:
        out_ << Key << "listen" << YAML::Value << YAML::DoubleQuoted << to_string(forward.remote);
        out_ << Key << "to" << YAML::Value << YAML::DoubleQuoted << local;
        if (!is_loopback(forward.remote.host)) out_ << Key << "public" << YAML::Value << true;
        return;
      case Forward::Direction::dynamic:
        out_ << Key << "local" << YAML::Value << YAML::DoubleQuoted << local;
        out_ << Key << "dynamic" << YAML::Value << true;
    }
  }

  void forwards() {
    const auto& consul = inventory_.consul();
    out_ << Key << "consul" << YAML::Value << Flow << BeginMap << Key << "via" << YAML::Value << Flow
         << consul.via;
    ends(consul, with_runtime(consul.local, inventory_.name));
    out_ << EndMap;
    if (values_ == Values::effective || !docker_is_default(inventory_)) {
      out_ << Key << "docker" << YAML::Value << Flow << BeginMap;
      ends(inventory_.docker(inventory_.nodes.front().name), docker_pattern(inventory_));
      out_ << EndMap;
    }
    const auto extra =
        std::vector(inventory_.forwards.begin() + 1 + static_cast<long>(inventory_.nodes.size()),
                    inventory_.forwards.end());
    if (extra.empty()) return;
    out_ << Key << "forwards" << YAML::Value << YAML::BeginSeq;
    for (const auto& forward : extra) {
      out_ << Flow << BeginMap << Key << "name" << YAML::Value << forward.name << Key << "via" << YAML::Value
           << Flow << forward.via;
      extra_ends(forward, with_runtime(forward.local, inventory_.name));
      out_ << EndMap;
    }
    out_ << YAML::EndSeq;
  }

  template <typename T>
  void convention(const char* key, const T& value, const T& otherwise) {
    if (values_ == Values::effective || value != otherwise) out_ << Key << key << YAML::Value << value;
  }

  void cluster() {
    const auto& c = inventory_.cluster;
    const Conventions otherwise;
    if (c == otherwise) return;
    out_ << Key << "cluster" << YAML::Value << BeginMap;
    if (c.disposable) out_ << Key << "disposable" << YAML::Value << true;
    convention("consul_container", c.consul_container, otherwise.consul_container);
    convention("haproxy_container", c.haproxy_container, otherwise.haproxy_container);
    convention("caddy_container", c.caddy_container, otherwise.caddy_container);
    convention("volume_driver", c.volume_driver, otherwise.volume_driver);
    convention("replication_port", c.replication_port, otherwise.replication_port);
    convention("deploy_root", c.deploy_root, otherwise.deploy_root);
    if (values_ == Values::effective || c.service != otherwise.service) service(c.service, otherwise.service);
    out_ << EndMap;
  }

  void service(const Conventions::Service& service, const Conventions::Service& otherwise) {
    out_ << Key << "service" << YAML::Value << BeginMap;
    convention("repo", service.repo, otherwise.repo);
    convention("ssh_port", service.ssh_port, otherwise.ssh_port);
    if (service.ssh_ports.size() > 1) out_ << Key << "ssh_ports" << YAML::Value << Flow << service.ssh_ports;
    if (service.ssh_identity) out_ << Key << "ssh_identity" << YAML::Value << service.ssh_identity->string();
    if (service.writable) out_ << Key << "writable" << YAML::Value << true;
    out_ << EndMap;
  }

  const Inventory& inventory_;
  Values values_;
  YAML::Emitter out_;
};

}  // namespace

std::string to_yaml(const Inventory& inventory, const std::string& comment, Values values) {
  std::string text;
  for (const auto& line : lines(comment)) text += line.empty() ? "#\n" : "# " + line + "\n";
  return text + Writer(inventory, values).text();
}

}  // namespace labctl::inventory
