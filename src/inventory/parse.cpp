#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "inventory/default_forwards.hpp"
#include "inventory/forward_keys.hpp"
#include "inventory/inventory.hpp"
#include "inventory/keys.hpp"
#include "inventory/local_ends.hpp"
#include "inventory/logins.hpp"
#include "inventory/names.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::inventory {
namespace {

namespace fs = std::filesystem;
void check_name(const YamlReader& at, const std::string& what, const std::string& name,
                std::size_t longest = longest_name) {
  if (!valid_name(name, longest))
    at.fail(fmt::format("{} is no name for {}", in_quotes(name), what), name_rule(longest));
}

Endpoint endpoint(const YamlReader& at, const std::string& text) {
  try {
    return parse_endpoint(text);
  } catch (const Error& error) {
    at.fail(fmt::format("\"{}\": {}", at.key(), error.what()), error.hint());
  }
}

class Parser {
public:
  Parser(const YamlReader& document, const fs::path& source) : document_(document) {
    result_.source = source;
  }

  Inventory parse() {
    const auto top = document_.fields(keys::top);
    version(top);
    if (const auto* name = field_of(top, "name")) {
      result_.name = name->text();
      check_name(*name, "an inventory", result_.name);
    } else if (!result_.source.empty()) {
      result_.name = name_of_file(result_.source);
    }
    nodes(top);
    consul(field_of(top, "consul"));
    docker(field_of(top, "docker"));
    if (const auto* list = field_of(top, "forwards")) {
      for (const auto& item : list->items()) extra_forward(item);
    }
    if (const auto* hosts = field_of(top, "hosts")) {
      for (const auto& [name, node] : hosts->entries()) {
        check_name(node, "a host", name, 253);
        result_.hosts[name] = node_name(node);
      }
    }
    if (const auto* conventions = field_of(top, "cluster")) cluster(*conventions);
    return std::move(result_);
  }

private:
  void version(const Fields& top) {
    const auto* version = field_of(top, "version");
    if (version == nullptr) document_.fail("the inventory has no version", "expected version: 1");
    if (version->text() != "1")
      version->fail(fmt::format("version is {}, expected 1", in_quotes(version->text())));
  }

  void nodes(const Fields& top) {
    const auto* nodes = field_of(top, "nodes");
    if (nodes == nullptr)
      document_.fail("the inventory has no nodes", "expected nodes: {core1: {address: 192.0.2.1}}");
    Logins logins(result_.source);
    if (const auto* defaults = field_of(top, "defaults")) logins.set_defaults(*defaults);
    std::map<std::string, std::string> owner;
    std::map<std::string, std::string> variables;
    for (const auto& [name, entry] : nodes->entries()) {
      check_name(entry, "a node", name);
      const auto node = logins.node(name, entry);
      const auto end = node.port == 0 ? node.address : fmt::format("{} port {}", node.address, node.port);
      const auto [seen, is_new] = owner.emplace(end, name);
      if (!is_new) {
        entry.fail(fmt::format("\"{}\" has the same address as \"nodes.{}\", {}", entry.key(), seen->second,
                               seen->first),
                   "two names for one node would be counted as two nodes");
      }
      const auto [other, free] = variables.emplace(variable_part(name), name);
      if (!free) {
        entry.fail(fmt::format("\"{}\" and \"nodes.{}\" would be one environment variable, DOCKER_HOST_{}",
                               entry.key(), other->second, other->first),
                   "give one of them another name");
      }
      node_names_.push_back(name);
      result_.nodes.push_back(node);
    }
    if (result_.nodes.empty()) nodes->fail("\"nodes\" is empty, expected at least one node");
  }

  std::string node_name(const YamlReader& at) const {
    std::string name = at.text();
    if (std::find(node_names_.begin(), node_names_.end(), name) != node_names_.end()) return name;
    const auto near = nearest(name, node_names_);
    at.fail(fmt::format("\"{}\" names {}, which is no node; expected one of {}", at.key(), in_quotes(name),
                        join(node_names_, ", ")),
            near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
  }

  // One node or a list of nodes; all nodes if the key is absent.
  std::vector<std::string> via(const YamlReader* at) const {
    if (at == nullptr) return node_names_;
    if (!at->is_list()) return {node_name(*at)};
    std::vector<std::string> names;
    for (const auto& item : at->items()) {
      const auto name = node_name(item);
      if (std::find(names.begin(), names.end(), name) != names.end()) {
        item.fail(fmt::format("\"{}\" names {} a second time", item.key(), in_quotes(name)));
      }
      names.push_back(name);
    }
    if (names.empty())
      at->fail(fmt::format("\"{}\" is an empty list, expected at least one node", at->key()));
    return names;
  }

  Endpoint remote(const YamlReader* at, const std::string& otherwise) const {
    return at == nullptr ? parse_endpoint(otherwise) : endpoint(*at, at->text());
  }

  void add(const YamlReader& at, Forward forward) {
    listening_ends_.claim(at, forward);
    result_.forwards.push_back(std::move(forward));
  }

  Endpoint local(const YamlReader& at, const std::string& text, const std::string& node) const {
    return endpoint(at, local_path(at, text, result_.name, node));
  }

  void consul(const YamlReader* at) {
    const auto fields = at == nullptr ? Fields{} : at->fields(keys::consul);
    const auto* end = field_of(fields, "local");
    const YamlReader& place = end != nullptr ? *end : at != nullptr ? *at : document_;
    add(place, {"consul", via(field_of(fields, "via")),
                local(place, end == nullptr ? default_consul_local : end->text(), {}),
                remote(field_of(fields, "remote"), default_consul_remote), Forward::Kind::consul});
  }

  void docker(const YamlReader* at) {
    const auto fields = at == nullptr ? Fields{} : at->fields(keys::docker);
    const auto* end = field_of(fields, "local");
    const YamlReader& place = end != nullptr ? *end : at != nullptr ? *at : document_;
    const auto pattern = end == nullptr ? default_docker_local : end->text();
    if (result_.nodes.size() > 1 && pattern.find("{node}") == std::string::npos) {
      place.fail(fmt::format("\"{}\" is the same for every node", place.key()), "put {node} into it");
    }
    for (const auto& node : node_names_) {
      add(place, {"docker_" + node,
                  {node},
                  local(place, pattern, node),
                  remote(field_of(fields, "remote"), default_docker_remote),
                  Forward::Kind::docker});
    }
  }

  void extra_forward(const YamlReader& at) {
    const auto fields = at.fields(keys::forward);
    const auto direction = direction_of(at, fields);
    const auto name = fields.at("name").text();
    check_name(fields.at("name"), "a forward", name);
    const auto nodes = via(field_of(fields, "via"));
    const bool on_node = direction == Forward::Direction::remote;
    const auto& here = fields.at(on_node ? "to" : "local");  // the end on this machine
    Endpoint there;
    if (on_node) {
      there = endpoint(fields.at("listen"), fields.at("listen").text());
      check_listen(fields, there);
    } else if (direction == Forward::Direction::local) {
      there = remote(&fields.at("remote"), {});
    }
    const auto add_named = [&](const std::string& full, std::vector<std::string> through,
                               const std::string& node) {
      for (const auto& other : result_.forwards) {
        if (other.name == full)
          fields.at("name").fail(fmt::format("there is a forward \"{}\" already", full));
      }
      const auto end = local(here, here.text(), node);
      if (on_node) require_local(here, end);
      add(on_node ? fields.at("listen") : here,
          {full, std::move(through), end, there, Forward::Kind::other, direction});
    };
    // A remote forward listens on every node of `via`. Others have one listening end, and move from node to
    // node; {node} in the local end means one forward per node.
    const bool for_each_node = on_node ? nodes.size() > 1 : here.text().find("{node}") != std::string::npos;
    if (!for_each_node) return add_named(name, nodes, on_node ? nodes.front() : "");
    for (const auto& node : nodes) add_named(fmt::format("{}_{}", name, node), {node}, node);
  }

  void cluster(const YamlReader& at) {
    const auto fields = at.fields(keys::cluster);
    auto& to = result_.cluster;
    const auto take = [](const Fields& from, const std::string& key, std::string& value) {
      if (const auto* field = field_of(from, key)) value = field->text();
    };
    if (const auto* disposable = field_of(fields, "disposable")) to.disposable = disposable->boolean();
    take(fields, "consul_container", to.consul_container);
    take(fields, "haproxy_container", to.haproxy_container);
    take(fields, "caddy_container", to.caddy_container);
    take(fields, "volume_driver", to.volume_driver);
    if (const auto* port = field_of(fields, "replication_port")) to.replication_port = port->port();
    take(fields, "deploy_root", to.deploy_root);
    if (!to.deploy_root.starts_with('/')) {
      fields.at("deploy_root")
          .fail(fmt::format("\"cluster.deploy_root\" is {}, expected an absolute path",
                            in_quotes(to.deploy_root)));
    }
    const auto* service = field_of(fields, "service");
    if (service == nullptr) return;
    const auto parts = service->fields(keys::service);
    take(parts, "repo", to.service.repo);
    ssh_ports(field_of(parts, "ssh_port"), field_of(parts, "ssh_ports"), to.service);
    if (const auto* key = field_of(parts, "ssh_identity"))
      to.service.ssh_identity = file_path(*key, result_.source);
    if (const auto* writable = field_of(parts, "writable")) to.service.writable = writable->boolean();
  }

  // Both keys are optional. If both are given, ssh_port must be the first of ssh_ports.
  static void ssh_ports(const YamlReader* one, const YamlReader* all, Conventions::Service& to) {
    if (one != nullptr) to.ssh_port = one->port();
    if (all == nullptr) {
      to.ssh_ports = {to.ssh_port};
      return;
    }
    to.ssh_ports.clear();
    for (const auto& item : all->items()) {
      const auto port = item.port();
      if (std::find(to.ssh_ports.begin(), to.ssh_ports.end(), port) != to.ssh_ports.end())
        item.fail(fmt::format("\"{}\" names port {} a second time", item.key(), port));
      to.ssh_ports.push_back(port);
    }
    if (to.ssh_ports.empty())
      all->fail(fmt::format("\"{}\" is an empty list, expected at least one port", all->key()));
    if (one != nullptr && to.ssh_ports.front() != to.ssh_port) {
      all->fail(fmt::format("\"{}\" begins with {}, expected ssh_port, {}", all->key(), to.ssh_ports.front(),
                            to.ssh_port),
                "ssh_port may be left out: it is the first of ssh_ports");
    }
    to.ssh_port = to.ssh_ports.front();
  }

  YamlReader document_;
  Inventory result_;
  std::vector<std::string> node_names_;
  ListeningEnds listening_ends_;
};

}  // namespace

Inventory parse(const std::string& yaml, const fs::path& source) {
  return Parser(YamlReader::document(yaml, source), source).parse();
}

Inventory load(const fs::path& file) {
  std::error_code code;
  if (fs::is_directory(file, code))
    throw Error(Kind::invalid, "this is a folder, expected an inventory file", file.string());
  return parse(read_file(file), file);
}

}  // namespace labctl::inventory
