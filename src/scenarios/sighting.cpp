#include "scenarios/sighting.hpp"

#include "base/error.hpp"
#include "scenarios/attribution.hpp"
#include "scenarios/budgets.hpp"
#include "scenarios/steps.hpp"

#include <nlohmann/json.hpp>

namespace labctl::scenarios {
namespace {

observe::Seen<std::string> read(cluster::Cluster& c, const Placed& s, const WatchedFile& file) {
  try {
    auto content = c.docker(s.master).read_file(s.container(file.service), file.path, c.within(look_budget));
    return content ? observe::Seen<std::string>({std::move(*content)}) : observe::Seen<std::string>();
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    return observe::Seen<std::string>(e);
  }
}

void read_records(cluster::Cluster& c, const Placed& s, Sighting& seen) {
  try {
    const auto reply = service_get(c, s.master, s.service.domain, "/example", c.within(look_budget));
    if (!is_record_list(reply) || !from_app(seen, s, reply)) {
      seen.no_records = brief(reply);
      return;
    }
    for (const auto& record : nlohmann::json::parse(reply.body))
      seen.records[record.value("id", 0)] = record.value("name", "");
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    seen.no_records = e.line();
  } catch (const nlohmann::json::exception& e) {
    seen.no_records = e.what();
  }
}

}  // namespace

Sighting::Sighting(cluster::Cluster& c, const Placed& s) : Observation(c, s.app) {
  if (s.master.empty()) return;  // it was never deployed
  for (const auto& file : s.watched) files[file] = read(c, s, file);
  read_records(c, s, *this);
}

}  // namespace labctl::scenarios
