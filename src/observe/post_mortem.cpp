#include "observe/post_mortem.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/masked.hpp"
#include "base/text.hpp"
#include "cluster/budgets.hpp"
#include "contract/names.hpp"
#include "observe/observation.hpp"
#include "observe/proxy_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <mutex>

namespace labctl::observe {
namespace {

using nlohmann::ordered_json;

constexpr int log_lines = 500;

std::string printed_json(const ordered_json& json) {
  return json.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json json_of(const docker::Container& one) {
  return {{"name", one.name},         {"image", one.image},         {"state", one.state},
          {"health", one.health},     {"exit_code", one.exit_code}, {"restart_count", one.restart_count},
          {"networks", one.networks}, {"volumes", one.volumes}};
}

ordered_json json_of(const docker::Volume& one) {
  return {{"name", one.name}, {"driver", one.driver}, {"labels", one.labels}};
}

ordered_json json_of(const Clone& one) {
  ordered_json json{{"name", one.name}, {"head", one.head}};
  if (!one.head_error.empty()) json["head_error"] = one.head_error;
  if (one.env) json["env"] = *one.env;
  if (!one.env_error.empty()) json["env_error"] = one.env_error;
  return json;
}

template <typename Things>
ordered_json list_of(const Things& things) {
  auto list = ordered_json::array();
  for (const auto& one : things) list.push_back(json_of(one));
  return list;
}

std::string line_of(const Schedule& one) { return one.text() + (one.paused ? " (paused)" : ""); }
std::string line_of(const Snapshot& one) { return one.name; }

template <typename Things>
std::string lines_of(const Things& things) {
  std::string text;
  for (const auto& one : things) text += line_of(one) + "\n";
  return text;
}

// The files of the whole cluster; looks fill it from several threads.
class Collection {
public:
  explicit Collection(cluster::Cluster& cluster) : cluster_(cluster), own_(cluster.own_apps()) {}

  PostMortem collect() {
    cluster_.side_by_side([this] { keep("kv.json", [this] { return kv(); }); },
                          [this] {
                            cluster_.on_nodes(cluster_.nodes(), [this](const std::string& node) {
                              see(node);
                              return 0;
                            });
                          });
    return std::move(files_);
  }

private:
  bool all() const { return cluster_.conventions().disposable; }

  bool is_ours(std::string_view text) const {
    return std::any_of(own_.begin(), own_.end(), [&](const auto& app) {
      return text.find(app.app) != std::string_view::npos || text.find(app.project) != std::string_view::npos;
    });
  }

  bool in_stack(const std::string& container) const {
    const auto& conventions = cluster_.conventions();
    return container == conventions.consul_container || container == conventions.haproxy_container ||
           container == conventions.caddy_container;
  }

  void keep(const std::string& path, const std::function<std::string()>& look) {
    std::string text, why;
    try {
      text = masked(look());
    } catch (...) {
      const Error error = current_error();
      if (error.kind() == Kind::interrupted) throw;
      why = path + ": " + error.line() + "\n";
    }
    const std::lock_guard lock(mutex_);
    if (why.empty()) {
      files_[path] = std::move(text);
    } else {
      files_["not-seen.txt"] += why;
    }
  }

  std::string kv() {
    auto list = ordered_json::array();
    for (const auto& pair : cluster_.consul().list("", cluster_.within(cluster::call_budget))) {
      ordered_json one{{"key", pair.key}};
      if (all() || is_ours(pair.key)) {
        one["value"] = masked(pair.value);
      } else {
        one["not_kept"] = "it belongs to another app";
      }
      if (!pair.session.empty()) one["session"] = pair.session;
      list.push_back(std::move(one));
    }
    return printed_json(list);
  }

  void see(const std::string& node) {
    const auto folder = "nodes/" + node + "/";
    // Of several apps, by one look at everything, of which only their parts are kept.
    const auto seen = see_node(cluster_, node, std::nullopt);
    keep(folder + "containers.json", [&] {
      return printed_json(
          list_of(chosen(seen.containers.get(), [&](const auto& one) { return kept(one.name); })));
    });
    const auto named = [&](const auto& one) { return all() || is_ours(one.name); };
    const auto of_volume = [&](const auto& one) { return all() || is_ours(one.volume); };
    keep(folder + "volumes.json", [&] { return printed_json(list_of(chosen(seen.volumes.get(), named))); });
    keep(folder + "clones.json", [&] { return printed_json(list_of(chosen(seen.clones.get(), named))); });
    keep(folder + "schedules.txt", [&] { return lines_of(chosen(seen.schedules.get(), of_volume)); });
    keep(folder + "snapshots.txt", [&] { return lines_of(chosen(seen.snapshots.get(), of_volume)); });
    keep(folder + "haproxy.cfg", [&] { return file(node, haproxy_file); });
    keep(folder + "Caddyfile", [&] { return file(node, caddy_file); });
    keep(folder + "handler.log", [&] { return end_of(node, cluster_.handler_log()); });
    keep(folder + "events.log", [&] { return end_of(node, cluster_.events_log()); });
    if (!seen.containers.known()) return;
    for (const auto& one : seen.containers.get()) {
      if (!kept(one.name)) continue;
      keep(folder + "logs/" + one.name + ".log", [&] {
        return cluster_.docker(node).logs(one.name, log_lines, cluster_.within(cluster::look_budget));
      });
    }
  }

  bool kept(const std::string& container) const { return all() || in_stack(container) || is_ours(container); }

  template <typename Things, typename Choose>
  Things chosen(const Things& things, const Choose& choose) const {
    Things some;
    std::copy_if(things.begin(), things.end(), std::back_inserter(some), choose);
    return some;
  }

  std::string file(const std::string& node, const ProxyFile& proxy) {
    const std::string path = proxy.rendered;
    const auto text = node_files(cluster_, node, {path}).at(0);
    if (!text) throw Error(Kind::not_found, "there is no such file", node + ":" + path);
    return *text;
  }

  std::string end_of(const std::string& node, const std::string& path) {
    return cluster_.exec_checked(node, {"tail", "-n", std::to_string(log_lines), path});
  }

  cluster::Cluster& cluster_;
  std::vector<contract::AppName> own_;
  std::mutex mutex_;
  PostMortem files_;
};

}  // namespace

PostMortem post_mortem(cluster::Cluster& cluster) { return Collection(cluster).collect(); }

}  // namespace labctl::observe
