#pragma once

#include "contract/placement.hpp"
#include "observe/observation.hpp"
#include "operate/apps.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>
#include <vector>

// What the `app` commands print.
namespace labctl::cli {

// One line per app, and below it the output of each check that does not pass.
std::string app_table(const std::vector<operate::AppState>& states);
nlohmann::ordered_json to_json(const operate::AppState& state);

// What a node has of an app. A failed look is an entry in `errors`, not an empty list.
struct NodeView {
  std::string node;
  std::vector<std::string> containers, volumes, schedules, clones, snapshots;  // one line each
  std::vector<std::string> errors;
  bool empty() const;
};
std::vector<NodeView> node_views(cluster::Cluster& cluster, observe::Observation& seen);

// What the handler warned of when it read the app's docker-compose.yml, or would refuse today: from the
// master's clone. Empty if there is no such file; if it cannot be read, the reason is the only entry.
std::vector<std::string> file_warnings(cluster::Cluster& cluster, const contract::Record& record,
                                       const contract::AppName& app);
std::vector<std::string> file_warnings(std::string_view compose, const std::string& volume_driver,
                                       const contract::AppName& app);

// What each node has, one line for each thing.
std::string nodes_text(const std::vector<NodeView>& nodes);
// `warnings` are those of file_warnings().
std::string app_page(const operate::AppState& state, const std::vector<std::string>& warnings,
                     const std::vector<NodeView>& nodes);
nlohmann::ordered_json to_json(const operate::AppState& state, const std::vector<std::string>& warnings,
                               const std::vector<NodeView>& nodes);

std::string placement_text(const contract::Placement& at);  // "core1, slave core2", "core1, no slave"
// Its keys "master" and "slave"; no slave is null.
void add_placement(nlohmann::ordered_json& json, const contract::Placement& at);

// Untrusted text on one line of a terminal: control characters become spaces, long text is cut.
std::string one_line(const std::string& text, std::size_t longest = 160);

}  // namespace labctl::cli
