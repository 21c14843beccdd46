#include "scenarios/data.hpp"

#include "base/text.hpp"
#include "runner/check.hpp"
#include "scenarios/attribution.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/reach.hpp"

#include <fmt/format.h>

namespace labctl::scenarios {
namespace {

using runner::check;

constexpr int ok = 200;

const SeededRecord& seeded(const Placed& s) {
  check(s.seeded.has_value(), "a record from given", "none");
  return *s.seeded;
}

}  // namespace

Things belongings(Placed& s, const std::string& node, bool snapshots) {
  Things found;
  for (const auto& one : s.seen->containers.at(node)) found.insert("container " + one.name);
  for (const auto& one : s.seen->volumes.at(node)) found.insert("volume " + one.name);
  for (const auto& one : s.seen->networks.at(node)) found.insert("network " + one);
  for (const auto& one : s.seen->schedules.at(node)) found.insert("schedule " + one.text());
  for (const auto& one : s.seen->clones.at(node)) found.insert("clone " + one);
  if (snapshots) {
    for (const auto& one : s.seen->snapshots.at(node)) found.insert("snapshot " + one.name);
  }
  return found;
}

runner::Block<Placed> record_kept() {
  runner::Block<Placed> block;
  block.should("still serve the record, through every node", [](Cluster& c, Placed& s) {
    const auto& record = seeded(s);
    const auto target = fmt::format("/example/{}", record.id);
    const auto wrong = await_replies(
        c, c.nodes(), s.service.domain, target,
        [&](const http::Response& r) {
          return r.status == ok && r.body == record.name && from_app(*s.seen, s, r);
        },
        s.left_of(reach_budget));
    check_all_good(
        wrong, fmt::format("{} on http://{}{} through every node", record.name, s.service.domain, target));
  });
  return block;
}

runner::Block<Placed> data_kept(const std::string& master) {
  auto block = record_kept();
  block.should(fmt::format("still have the record's file on {}", master), [=](Cluster&, Placed& s) {
    check_file(s, "anyblok", data_path(seeded(s)), seeded(s).content);
  });
  block.should("show the record's file by ssh", [](Cluster& c, Placed& s) {
    const auto& entrance = c.nodes().back();
    const auto wrong = await_ssh(c, s, {entrance}, "cat /anyblok_data/" + seeded(s).name, seeded(s).content,
                                 s.left_of(reach_budget));
    check_all_good(wrong, fmt::format("\"{}\" by ssh to port {}", seeded(s).content, c.slot().ssh_port));
  });
  return block;
}

runner::Block<Placed> file_absent(const std::string& master) {
  runner::Block<Placed> block;
  block.should(fmt::format("not have the record's file on {}: it was in no volume", master),
               [=](Cluster&, Placed& s) { check_no_file(s, "anyblok", data_path(seeded(s))); });
  return block;
}

runner::Block<Placed> cache_kept(const std::string& master) {
  runner::Block<Placed> block;
  block.should(fmt::format("keep what is in its local cache on {}", master), [=](Cluster&, Placed& s) {
    check_file(s, "anyblok", cache_path(seeded(s)), seeded(s).content);
  });
  return block;
}

runner::Block<Placed> cache_gone(const std::string& master) {
  runner::Block<Placed> block;
  block.should(fmt::format("begin with an empty local cache on {}", master),
               [=](Cluster&, Placed& s) { check_no_file(s, "anyblok", cache_path(seeded(s))); });
  return block;
}

runner::Block<Placed> left_empty(const std::string& node) {
  runner::Block<Placed> block;
  block.should(fmt::format("leave nothing but snapshots on {}", node),
               [=](Cluster&, Placed& s) { runner::check_equal(belongings(s, node, false), Things{}, node); });
  return block;
}

runner::Block<Placed> uninvolved(const std::vector<std::string>& nodes) {
  runner::Block<Placed> block;
  block.should(fmt::format("have nothing at all on {}", join(nodes, " and ")), [=](Cluster& c, Placed& s) {
    PerNode seen = expect(c, {});
    for (const auto& node : nodes) seen[node] = belongings(s, node, true);
    check_per_node(seen, expect(c, {}));
  });
  return block;
}

}  // namespace labctl::scenarios
