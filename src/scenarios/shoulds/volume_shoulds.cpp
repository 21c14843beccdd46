#include "contract/schedules.hpp"
#include "runner/check.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/shoulds/placement_shoulds.hpp"

#include <fmt/format.h>

// Shoulds about where the app's volumes are, and about their schedules.
namespace labctl::scenarios {
namespace {

using runner::check;

std::string volume_text(const std::string& name, const std::string& driver) {
  return name + " (" + driver + ")";
}

PerNode volumes_named(Cluster& c, Placed& s, const std::string& key) {
  return look(c, [&](const std::string& node) {
    Things found;
    for (const auto& volume : s.seen->volumes.at(node)) {
      if (volume.name == s.volume(key)) found.insert(volume_text(volume.name, volume.driver));
    }
    return found;
  });
}

// An empty `kind` means any kind.
PerNode schedules_of(Cluster& c, Placed& s, const std::string& key, const std::string& kind) {
  return look(c, [&](const std::string& node) {
    Things found;
    for (const auto& schedule : s.seen->schedules.at(node)) {
      const bool wanted = schedule.volume == s.volume(key) && (kind.empty() || schedule.kind() == kind);
      if (wanted)
        check(found.insert(schedule.text()).second, "every schedule once", schedule.text() + " twice", node);
    }
    return found;
  });
}

std::string purge_text(const std::string& volume) {
  return observe::Schedule{std::string(contract::purge_action), contract::purge_minutes, volume, false}
      .text();
}

// The text of the master's hourly schedule: replicate or snapshot.
std::string copy_text(const Placed& s, const std::string& volume, const Placement& at) {
  std::optional<std::string> address;
  if (at.slave) address = s.seen->address(*at.slave);
  return observe::Schedule{contract::copy_action(address), contract::copy_minutes, volume, false}.text();
}

void copy_should(runner::Block<Placed>& block, const NamedVolume& volume, const Placement& at) {
  const std::string kind = at.slave ? "replicate" : "snapshot";
  const auto text = at.slave
                        ? fmt::format("replicate its {} volume hourly from {} to {} only", volume.words,
                                      at.master, *at.slave)
                        : fmt::format("snapshot its {} volume hourly on {} only", volume.words, at.master);
  block.should(text, [=](Cluster& c, Placed& s) {
    check_per_node(schedules_of(c, s, volume.key, kind),
                   expect(c, {{at.master, {copy_text(s, s.volume(volume.key), at)}}}));
  });
}

}  // namespace

void volume_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at) {
  const auto on_master_only = [&](const NamedVolume& volume, bool managed) {
    block.should(fmt::format("have its {} volume on {} only", volume.words, at.master),
                 [=](Cluster& c, Placed& s) {
                   const auto driver = managed ? c.conventions().volume_driver : "local";
                   check_per_node(volumes_named(c, s, volume.key),
                                  expect(c, {{at.master, {volume_text(s.volume(volume.key), driver)}}}));
                 });
  };
  for (const auto& volume : service.managed_volumes) on_master_only(volume, true);
  for (const auto& volume : service.local_volumes) on_master_only(volume, false);
  block.should("have no other volume anywhere", [](Cluster& c, Placed& s) {
    Things known;
    for (const auto* volumes : {&s.service.managed_volumes, &s.service.local_volumes}) {
      for (const auto& volume : *volumes) known.insert(s.volume(volume.key));
    }
    check_per_node(look(c,
                        [&](const auto& node) {
                          Things others;
                          for (const auto& volume : s.seen->volumes.at(node)) {
                            if (!known.contains(volume.name)) others.insert(volume.name);
                          }
                          return others;
                        }),
                   expect(c, {}));
  });
}

void schedule_shoulds(runner::Block<Placed>& block, const TestService& service, const Placement& at) {
  for (const auto& volume : service.managed_volumes) {
    block.should(fmt::format("purge snapshots of its {} volume daily on {} only", volume.words, both(at)),
                 [=](Cluster& c, Placed& s) {
                   const Things purge{purge_text(s.volume(volume.key))};
                   std::map<std::string, Things> expected{{at.master, purge}};
                   if (at.slave) expected[*at.slave] = purge;
                   check_per_node(schedules_of(c, s, volume.key, "purge"), expect(c, expected));
                 });
    copy_should(block, volume, at);
  }
  for (const auto& volume : service.local_volumes) {
    block.should(fmt::format("schedule nothing for its {} volume", volume.words),
                 [key = volume.key](Cluster& c, Placed& s) {
                   check_per_node(schedules_of(c, s, key, ""), expect(c, {}));
                 });
  }
  const std::string wanted = at.slave ? "replicate" : "snapshot";
  block.should(at.slave ? "schedule nothing else, no plain snapshots with a slave"
                        : "schedule nothing else, no replication without a slave",
               [wanted](Cluster& c, Placed& s) {
                 Things managed;
                 for (const auto& key : s.service.managed_keys()) managed.insert(s.volume(key));
                 check_per_node(look(c,
                                     [&](const auto& node) {
                                       Things others;
                                       for (const auto& one : s.seen->schedules.at(node)) {
                                         const bool known = managed.contains(one.volume) &&
                                                            (one.kind() == "purge" || one.kind() == wanted);
                                         if (!known) others.insert(one.text());
                                       }
                                       return others;
                                     }),
                                expect(c, {}));
               });
}

}  // namespace labctl::scenarios
