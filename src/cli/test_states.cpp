#include "cli/test_states.hpp"

#include "cli/app/app_view.hpp"
#include "contract/names.hpp"
#include "observe/observation.hpp"
#include "operate/apps.hpp"

namespace labctl::cli {

std::vector<runner::Attachment> states_of_own_apps(cluster::Cluster& cluster) {
  std::vector<runner::Attachment> states;
  for (const auto& app : cluster.own_apps()) {
    observe::Observation seen(cluster, app);
    const auto nodes = node_views(cluster, seen);
    const auto key = contract::app_key(app.app);
    const auto found = cluster.ask_consul(
        [&](consul::Client& consul, Deadline deadline) { return consul.get(key, deadline); });
    const auto page =
        found ? app_page(operate::app_state(cluster, operate::app_entry(key, found->value)), {}, nodes)
              : key + " is absent\n" + nodes_text(nodes);
    states.push_back({"state of " + app.app, page});
  }
  return states;
}

}  // namespace labctl::cli
