#include "cli/app/app_view.hpp"

#include "base/error.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "contract/app_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace labctl::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string printable(std::string line, std::size_t longest) {
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  if (line.size() > longest) line = line.substr(0, longest) + "...";
  return line;
}

// "2026-11-22T140245.706922" as "2026-11-22 14:02:45"; any other text is unchanged.
std::string date_text(const std::string& date) {
  if (date.size() < 17 || date[10] != 'T') return date;
  return fmt::format("{} {}:{}:{}", date.substr(0, 10), date.substr(11, 2), date.substr(13, 2),
                     date.substr(15, 2));
}

std::string check_line(const consul::HealthCheck& check) {
  // Consul calls a new check critical until it has run for the first time.
  const auto output = check.output.empty() ? "not run yet" : one_line(check.output);
  return fmt::format("{} on {}: {}", check.status, check.node, output);
}

Json checks_json(const std::vector<consul::HealthCheck>& checks) {
  Json list = Json::array();
  for (const auto& one : checks) {
    list.push_back({{"node", one.node}, {"id", one.id}, {"status", one.status}, {"output", one.output}});
  }
  return list;
}

std::vector<std::string> cells_of(const operate::AppState& state) {
  const auto& record = *state.entry.record;
  std::vector<std::string> cells{state.entry.app,
                                 record.at.master,
                                 record.at.slave.value_or("-"),
                                 date_text(record.deploy_date),
                                 state.maintenance ? "on" : "off",
                                 operate::health(state.checks),
                                 join(record.domains, ", ")};
  for (auto& cell : cells) cell = one_line(cell);
  return cells;
}

std::string container_text(const docker::Container& one) {
  auto state = one.state;
  if (!one.health.empty()) state += " " + one.health;
  if (!one.running()) state += fmt::format(" ({})", one.exit_code);
  if (one.restart_count > 0) state += fmt::format(", restarted {} times", one.restart_count);
  return fmt::format("{}  {}  {}", one.name, state, one.image);
}

template <typename Part, typename Text>
void view_part(NodeView& view, const char* what, Part& part, std::vector<std::string>& to, Text text) {
  try {
    for (const auto& one : part.at(view.node)) to.push_back(text(one));
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    view.errors.push_back(fmt::format("{}: {}", what, e.line()));
  }
}

void section(std::string& page, const char* name, const std::vector<std::string>& items) {
  for (const auto& item : items) page += fmt::format("  {:<10} {}\n", name, one_line(item, 400));
}

std::string indented(const std::string& text) {
  std::string all;
  for (const auto& line : lines(text)) all += "    " + printable(line, 1000) + "\n";
  return all;
}

}  // namespace

std::string one_line(const std::string& text, std::size_t longest) { return printable(trim(text), longest); }

std::string app_table(const std::vector<operate::AppState>& states) {
  constexpr std::size_t domains = 6;
  TextTable table({"APP", "MASTER", "SLAVE", "DEPLOYED", "MAINTENANCE", "HEALTH", "DOMAINS"}, domains);
  for (const auto& state : states) {
    std::string trouble;
    for (const auto& check : state.checks) {
      if (check.status != "passing") trouble += "    " + check_line(check) + "\n";
    }
    if (state.entry.record) {
      table.add(cells_of(state), trouble);
    } else {
      table.add_lines(
          fmt::format("{}  malformed entry: {}\n", one_line(state.entry.app), state.entry.malformed) +
          trouble);
    }
  }
  return table.text();
}

std::string placement_text(const contract::Placement& at) {
  return at.master + (at.slave ? ", slave " + *at.slave : ", no slave");
}

void add_placement(Json& json, const contract::Placement& at) {
  json["master"] = at.master;
  json["slave"] = at.slave ? Json(*at.slave) : Json(nullptr);
}

Json to_json(const operate::AppState& state) {
  Json json{{"app", state.entry.app}};
  if (state.entry.record) {
    const auto& record = *state.entry.record;
    json["repo_url"] = record.repo_url;
    json["branch"] = record.branch;
    add_placement(json, record.at);
    json["domains"] = record.domains;
    json["deploy_date"] = record.deploy_date;
  } else {
    json["malformed"] = state.entry.malformed;
  }
  json["maintenance"] = state.maintenance;
  json["health"] = operate::health(state.checks);
  json["checks"] = checks_json(state.checks);
  return json;
}

bool NodeView::empty() const {
  return containers.empty() && volumes.empty() && schedules.empty() && clones.empty() && snapshots.empty() &&
         errors.empty();
}

std::vector<NodeView> node_views(cluster::Cluster& cluster, observe::Observation& seen) {
  std::vector<NodeView> views;
  for (const auto& node : cluster.nodes()) {
    NodeView view;
    view.node = node;
    const auto same = [](const std::string& text) { return text; };
    view_part(view, "containers", seen.containers, view.containers, container_text);
    view_part(view, "volumes", seen.volumes, view.volumes,
              [](const auto& one) { return fmt::format("{}  {}", one.name, one.driver); });
    view_part(view, "schedules", seen.schedules, view.schedules,
              [](const auto& one) { return one.text() + (one.paused ? ", paused" : ""); });
    view_part(view, "clones", seen.clones, view.clones, same);
    view_part(view, "snapshots", seen.snapshots, view.snapshots, [](const auto& one) { return one.name; });
    views.push_back(std::move(view));
  }
  return views;
}

std::vector<std::string> file_warnings(std::string_view compose, const std::string& volume_driver,
                                       const contract::AppName& app) {
  auto settings = contract::app_settings(contract::parse_compose(compose, volume_driver), app.project);
  auto warnings = std::move(settings.warnings);
  warnings.insert(warnings.end(), settings.problems.begin(), settings.problems.end());
  return warnings;
}

std::vector<std::string> file_warnings(cluster::Cluster& cluster, const contract::Record& record,
                                       const contract::AppName& app) {
  const auto clone = record.deploy_id.empty() ? contract::legacy_clone_name(app.app, record.deploy_date)
                                              : contract::clone_name(app.app, record.deploy_id);
  try {
    const auto compose = observe::clone_file(cluster, record.at.master, clone, "docker-compose.yml");
    if (!compose) return {};
    return file_warnings(*compose, cluster.conventions().volume_driver, app);
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    return {"docker-compose.yml cannot be read: " + e.line()};
  }
}

std::string nodes_text(const std::vector<NodeView>& nodes) {
  std::string page;
  for (const auto& view : nodes) {
    page += fmt::format("{}{}\n", view.node, view.empty() ? "         nothing" : "");
    section(page, "container", view.containers);
    section(page, "volume", view.volumes);
    section(page, "schedule", view.schedules);
    section(page, "clone", view.clones);
    section(page, "snapshot", view.snapshots);
    section(page, "not seen", view.errors);
  }
  return page;
}

std::string app_page(const operate::AppState& state, const std::vector<std::string>& warnings,
                     const std::vector<NodeView>& nodes) {
  std::string page;
  const auto field = [&](const char* name, const std::string& value) {
    page += fmt::format("{:<12} {}\n", name, value.empty() ? "-" : one_line(value, 1000));
  };
  field("app", state.entry.app);
  if (state.entry.record) {
    const auto& record = *state.entry.record;
    field("repository", record.repo_url);
    field("branch", record.branch);
    field("master",
          record.ip.empty() ? record.at.master : fmt::format("{} ({})", record.at.master, record.ip));
    field("slave", record.at.slave.value_or(""));
    field("deployed", date_text(record.deploy_date));
    field("event", record.deploy_id);
    field("before it", record.previous_deploy_id.value_or(""));
    field("domains", join(record.domains, ", "));
    field("urls", record.urls);
    for (const auto& [service, container] : record.ct) field("service", service + "  " + container);
    for (const auto& volume : record.volumes) field("volume", volume);
    if (!record.haproxy.empty()) {
      page += "haproxy\n" + indented(record.haproxy.dump(2, ' ', false, Json::error_handler_t::replace));
    }
    if (!record.caddyfile.empty()) page += "caddyfile\n" + indented(record.caddyfile);
  } else {
    field("malformed", state.entry.malformed);
  }
  for (const auto& warning : warnings) field("warning", warning);
  field("maintenance", state.maintenance ? "on" : "off");
  field("health", operate::health(state.checks));
  for (const auto& check : state.checks) page += "  " + check_line(check) + "\n";
  return page + nodes_text(nodes);
}

Json to_json(const operate::AppState& state, const std::vector<std::string>& warnings,
             const std::vector<NodeView>& nodes) {
  Json json = to_json(state);
  json["record"] = state.entry.record ? Json::parse(contract::to_text(*state.entry.record)) : Json(nullptr);
  json["warnings"] = warnings;
  json["nodes"] = Json::object();
  for (const auto& view : nodes) {
    json["nodes"][view.node] = {{"containers", view.containers}, {"volumes", view.volumes},
                                {"schedules", view.schedules},   {"clones", view.clones},
                                {"snapshots", view.snapshots},   {"errors", view.errors}};
  }
  return json;
}

}  // namespace labctl::cli
