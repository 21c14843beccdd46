#include "observe/node_look.hpp"

#include "cluster/budgets.hpp"
#include "cluster/lookouts.hpp"

#include <nlohmann/json.hpp>

namespace labctl::observe {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto removal_budget = 60s;  // in addition to its patience
constexpr const char* plugin_folder = "/run/docker/plugins";

std::string script_place(cluster::Cluster& cluster, const std::string& node) {
  return node + " " + cluster.conventions().consul_container;
}

// The line that the node's program answers.
std::string answer_to(const json& request, cluster::Cluster& cluster, const std::string& node,
                      std::chrono::milliseconds budget) {
  try {
    // Only ASCII, so that the program's locale does not matter.
    return cluster.lookouts().ask(node, request.dump(-1, ' ', true), cluster.within(budget));
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    if (e.where().empty()) throw Error(e.kind(), e.what(), script_place(cluster, node));
    throw Error(e.kind(), e.what(), node + " " + e.where(), e.hint());
  }
}

NodeRemoval run_script(cluster::Cluster& cluster, const std::string& node,
                       const std::optional<contract::AppName>& app,
                       std::optional<std::chrono::seconds> patience) {
  const auto& conventions = cluster.conventions();
  json request{{"plugins", plugin_folder},
               {"deploy", conventions.deploy_root},
               {"volumes", app ? contract::volume_name(app->project, "") : ""},
               {"clones", nullptr}};
  if (app) request["clones"] = {app->app + "-", app->app + "@"};
  if (patience) request["remove"] = {{"port", conventions.replication_port}, {"patience", patience->count()}};
  const std::chrono::milliseconds budget = patience ? removal_budget + *patience : cluster::look_budget;
  return parse_node_report(answer_to(request, cluster, node, budget), script_place(cluster, node));
}

std::string string_at(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// A timer is a number or a text. Only plugins that can pause a job send "Active".
Schedule schedule_of(const json& object) {
  const auto& timer = object.at("Timer");
  const int minutes = timer.is_string() ? std::stoi(timer.get<std::string>()) : timer.get<int>();
  bool paused = false;
  if (const auto active = object.find("Active"); active != object.end()) {
    paused = *active == false || *active == "False";
  }
  return {object.at("Action").get<std::string>(), minutes, object.at("Name").get<std::string>(), paused};
}

Snapshot snapshot_of(const json& name) { return snapshot_named(name.get<std::string>()); }

Clone clone_of(const json& object) {
  Clone clone;
  clone.name = object.at("name").get<std::string>();
  clone.head = string_at(object, "head");
  clone.head_error = string_at(object, "head_error");
  if (object.contains("env")) clone.env = string_at(object, "env");
  clone.env_error = string_at(object, "env_error");
  return clone;
}

template <typename T>
Seen<T> part(const json& object, T (*convert)(const json&), const std::string& where) {
  if (const auto why = string_at(object, "error"); !why.empty())
    return Seen<T>(Error(Kind::unavailable, why, where));
  std::vector<T> things;
  for (const auto& one : object.at("value")) things.push_back(convert(one));
  return Seen<T>(std::move(things));
}

}  // namespace

NodeLook look_at_node(cluster::Cluster& cluster, const std::string& node,
                      const std::optional<contract::AppName>& app) {
  return run_script(cluster, node, app, std::nullopt).seen;
}

NodeRemoval remove_from_node(cluster::Cluster& cluster, const std::string& node, const contract::AppName& app,
                             std::chrono::seconds patience) {
  return run_script(cluster, node, app, patience);
}

std::vector<std::optional<std::string>> node_files(cluster::Cluster& cluster, const std::string& node,
                                                   const std::vector<std::string>& paths) {
  const auto where = script_place(cluster, node);
  const auto answer = answer_to(json::object({{"read", paths}}), cluster, node, cluster::look_budget);
  try {
    const auto file_of = +[](const json& text) {
      return text.is_null() ? std::nullopt : std::optional(text.get<std::string>());
    };
    return part(json::parse(answer).at("files"), file_of, where).get();
  } catch (const json::exception& e) {
    throw Error(Kind::invalid, std::string("the answer of the node cannot be read: ") + e.what(), where);
  }
}

NodeRemoval parse_node_report(std::string_view printed, const std::string& where) {
  const auto look_of = [&](const json& object) {
    return NodeLook{part(object.at("schedules"), &schedule_of, where),
                    part(object.at("snapshots"), &snapshot_of, where),
                    part(object.at("clones"), &clone_of, where)};
  };
  try {
    const auto object = json::parse(printed);
    NodeRemoval report;
    report.seen = look_of(object.at("seen"));
    if (object.contains("troubles")) report.troubles = object.at("troubles").get<std::vector<std::string>>();
    return report;
  } catch (const json::exception& e) {
    throw Error(Kind::invalid, std::string("the answer of the node cannot be read: ") + e.what(), where);
  } catch (const std::logic_error& e) {  // std::stoi
    throw Error(Kind::invalid, std::string("a schedule's timer is no number: ") + e.what(), where);
  }
}

}  // namespace labctl::observe
