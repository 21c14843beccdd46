#include "base/error.hpp"
#include "runner/check.hpp"
#include "runner/every_step.hpp"
#include "runner/note.hpp"
#include "scenarios/budgets.hpp"
#include "scenarios/families/families.hpp"
#include "scenarios/moves.hpp"
#include "scenarios/per_node.hpp"
#include "scenarios/snapshots.hpp"

#include <fmt/format.h>

// Migrates the data of one app (prod) into another (qualif). qualif has a volume of its own, which must stay.
namespace labctl::scenarios {
namespace {

using runner::check;
using runner::check_equal;

const std::string marker = "/var/test_service/migrate";
const std::string update_marker = "/var/test_service/update";

struct Migrated {
  Placed prod, qualif;
  SeededRecord first;  // an extra record of prod, so that the two `seeded` have different ids
};

struct Case {
  std::string name;
  Placement prod, qualif;
  bool update = true;
};

void given_both(Cluster& c, Migrated& s, const Case& one) {
  without(c, s.prod, without_caddyfile_branch());
  without(c, s.qualif, qualif_branch());
  deploy(c, s.prod, one.prod);
  deploy(c, s.qualif, one.qualif);
  // If both apps have the same master, a handler may use the newest existing snapshot. Wait for the scheduled
  // snapshots before the records are written, so that no snapshot contains the records by chance.
  if (one.prod.master == one.qualif.master) await_scheduled_snapshots(c, s.prod, one.prod.master);
  s.first = seed(c, s.prod);
  s.prod.seeded = seed(c, s.prod);
  s.qualif.seeded = seed(c, s.qualif);
  for (auto* app : {&s.prod, &s.qualif}) {
    watch_record(*app, *s.prod.seeded);
    watch_record(*app, *s.qualif.seeded);
    for (const auto& path : {marker, update_marker}) app->watched.insert({"anyblok", path});
  }
}

void look_at_both(Cluster& c, Migrated& s) {
  for (auto* app : {&s.prod, &s.qualif}) look_after(c, *app);
}

void migrate(Cluster& c, Migrated& s, bool update) {
  try {
    const auto done = cluster::migrate(c, {s.prod.app, s.qualif.app, update});
    runner::note(fmt::format("handlers {:.1f} s", static_cast<double>(done.took.count()) / 1000));
    s.qualif.restarts = cluster::await_healthy(c, s.qualif.deployment);
  } catch (const Error& e) {
    if (e.kind() != Kind::timeout && e.kind() != Kind::unavailable) throw;
    look_at_both(c, s);  // the shoulds still show what holds
    throw runner::CheckFailed("prod's data in qualif, and qualif healthy", e.what(), e.where());
  }
  await_replies(c, {s.qualif.deployment.record.at.master}, s.qualif.service.domain, "/example",
                is_record_list, proxy_budget);
  look_at_both(c, s);
}

void record_shoulds(runner::ScenarioBuilder<Migrated>& builder) {
  builder
      .should("leave prod's records in prod",
              [](Cluster&, Migrated& s) {
                const auto seen = record_names(s.prod);
                check(seen.contains(s.first.name) && seen.contains(s.prod.seeded->name),
                      "both records of prod", runner::describe(seen));
                check_equal(record_name(s.prod, s.prod.seeded->id), std::optional(s.prod.seeded->name));
              })
      .should("bring prod's records to qualif",
              [](Cluster&, Migrated& s) {
                const auto seen = record_names(s.qualif);
                check(seen.contains(s.first.name) && seen.contains(s.prod.seeded->name),
                      "both records of prod", runner::describe(seen));
                check_equal(record_name(s.qualif, s.prod.seeded->id), std::optional(s.prod.seeded->name));
              })
      .should("not bring qualif's record to prod",
              [](Cluster&, Migrated& s) {
                const auto seen = record_names(s.prod);
                check(!seen.contains(s.qualif.seeded->name), "prod's records only", runner::describe(seen));
              })
      .should("replace qualif's own record", [](Cluster&, Migrated& s) {
        const auto seen = record_names(s.qualif);
        check(!seen.contains(s.qualif.seeded->name), "prod's records only", runner::describe(seen));
      });
}

void file_shoulds(runner::ScenarioBuilder<Migrated>& builder) {
  const auto has = [&](const std::string& words, Placed Migrated::*app, Placed Migrated::*whose, auto path) {
    builder.should(words, [=](Cluster&, Migrated& s) {
      const auto& record = *(s.*whose).seeded;
      check_file(s.*app, "anyblok", path(record), record.content);
    });
  };
  const auto lacks = [&](const std::string& words, Placed Migrated::*app, Placed Migrated::*whose,
                         auto path) {
    builder.should(
        words, [=](Cluster&, Migrated& s) { check_no_file(s.*app, "anyblok", path(*(s.*whose).seeded)); });
  };
  has("leave prod's file in prod", &Migrated::prod, &Migrated::prod, data_path);
  lacks("not bring qualif's file to prod", &Migrated::prod, &Migrated::qualif, data_path);
  has("leave qualif's file in its volume that is not migrable", &Migrated::qualif, &Migrated::qualif,
      data_path);
  lacks("not bring prod's file to that volume", &Migrated::qualif, &Migrated::prod, data_path);
  lacks("not bring qualif's cache to prod", &Migrated::prod, &Migrated::qualif, cache_path);
  has("leave prod's cache in prod", &Migrated::prod, &Migrated::prod, cache_path);
  has("leave qualif's cache in qualif", &Migrated::qualif, &Migrated::qualif, cache_path);
  lacks("not bring prod's cache to qualif", &Migrated::qualif, &Migrated::prod, cache_path);
}

void marker_shoulds(runner::ScenarioBuilder<Migrated>& builder, const Case& one) {
  builder
      .should("run qualif's post_migrate.sh, told of both apps",
              [=](Cluster&, Migrated& s) {
                check_file(
                    s.qualif, "anyblok", marker,
                    fmt::format("migrate data from {} branch: {} to {} branch: {}", s.prod.app.repo_url,
                                s.prod.app.branch, s.qualif.app.repo_url, s.qualif.app.branch));
              })
      .should("run no script in prod",
              [=](Cluster&, Migrated& s) {
                check_no_file(s.prod, "anyblok", marker);
                check_no_file(s.prod, "anyblok", update_marker);
              })
      .should(one.update ? "run qualif's update.sh" : "not run qualif's update.sh, as asked for",
              [=](Cluster&, Migrated& s) {
                if (!one.update) return check_no_file(s.qualif, "anyblok", update_marker);
                check_file(s.qualif, "anyblok", update_marker,
                           fmt::format("run update data after migrate repo: {} branch: {}",
                                       s.qualif.app.repo_url, s.qualif.app.branch));
              });
}

void destroy_both(Cluster& c, Migrated& s) {
  runner::run_every({[&] { destroy(c, s.prod); }, [&] { destroy(c, s.qualif); }});
}

runner::Scenario migration(const Case& one) {
  runner::ScenarioBuilder<Migrated> builder(one.name);
  builder.summary(fmt::format("{} into {}", one.prod.text(), one.qualif.text()))
      .tags({"migrate"})
      .given(fmt::format("prod {} and qualif {}, each with records", placed_words(one.prod),
                         placed_words(one.qualif)),
             [=](Cluster& c, Migrated& s) { given_both(c, s, one); })
      .because("prod is migrated into qualif", [=](Cluster& c, Migrated& s) { migrate(c, s, one.update); });
  record_shoulds(builder);
  file_shoulds(builder);
  marker_shoulds(builder, one);
  return builder.include("prod", &Migrated::prod, placement(without_caddyfile_branch(), one.prod))
      .include("prod", &Migrated::prod, reachable(without_caddyfile_branch()))
      .include("qualif", &Migrated::qualif, placement(qualif_branch(), one.qualif))
      .include("qualif", &Migrated::qualif, reachable(qualif_branch()))
      .cleanup("both destroyed, nothing left", destroy_both);
}

}  // namespace

Scenarios migrations(const Nodes& n) {
  const Placement here{n[2], n[3]}, there{n[0], n[1]};
  return {migration({"migrate", here, there, true}),
          migration({"migrate-same-master-no-update", there, there, false})};
}

}  // namespace labctl::scenarios
