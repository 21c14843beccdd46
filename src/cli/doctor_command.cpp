#include "cli/doctor_command.hpp"

#include "cli/command.hpp"
#include "cli/doctor_bundle.hpp"
#include "cli/doctor_report.hpp"
#include "cluster/faults.hpp"
#include "cluster/run_lock.hpp"
#include "doctor/diagnose.hpp"
#include "doctor/probes.hpp"
#include "inventory/find.hpp"
#include "tunnels/local_end.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <optional>

namespace labctl::cli {
namespace {

using doctor::Finding;
using doctor::Severity;

struct DoctorOptions {
  bool strict = false;
  bool fix = false;
  bool list = false;
  double seconds = 15;
  std::string bundle;
  std::string explain;
};

struct Examined {
  std::optional<inventory::Inventory> inventory;
  doctor::Observations seen;
};

Examined look_around(const Context& context, Deadline deadline) {
  try {
    auto inventory = context.load_inventory();
    auto seen = doctor::observe(inventory, deadline);
    return {std::move(inventory), std::move(seen)};
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    return {std::nullopt, doctor::observe(error, deadline)};
  }
}

// Removes socket files on which no process listens. This is safe, because no process can use them.
bool fix(const doctor::Observations& seen, const Context& context) {
  bool fixed = false;
  for (const auto& forward : seen.forwards) {
    const auto& end = forward.forward.local;
    if (!end.is_unix_socket() || forward.end.state != doctor::LocalEndSeen::State::nobody_listens) continue;
    if (seen.daemon.state != doctor::DaemonSeen::State::absent) continue;
    if (!tunnels::remove_stale_socket(end.path)) continue;
    say(context, "removed " + end.path);
    fixed = true;
  }
  return fixed;
}

// Undoes the faults that dead test runs left.
bool undo_faults(const Examined& examined, const Context& context) {
  if (examined.seen.faults.empty()) return false;
  try {
    cluster::Cluster cluster(*examined.inventory);
    const cluster::RunLock lock(cluster);
    cluster::undo_left_faults(
        cluster, [&](const cluster::LeftFault& left) { say(context, "undoing " + left.text()); });
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    say(context, "not undone: " + error.line());
  }
  return true;
}

ExitCode examine(const DoctorOptions& options, const Context& context) {
  if (options.list) {
    list_troubles(context);
    return ExitCode::ok;
  }
  if (!options.explain.empty()) {
    print_page(options.explain, context);
    return ExitCode::ok;
  }
  const auto budget = std::chrono::milliseconds(static_cast<long>(options.seconds * 1000));
  auto deadline = Deadline::in(budget);
  auto examined = look_around(context, deadline);
  const bool fixed = options.fix && (fix(examined.seen, context) | undo_faults(examined, context));
  if (fixed) {
    deadline = Deadline::in(budget);
    examined = look_around(context, deadline);
  }
  const auto findings = doctor::diagnose(examined.seen);
  print_findings(findings, examined.seen, deadline, context);
  if (!options.bundle.empty()) {
    write_bundle(options.bundle, examined.inventory, examined.seen, findings);
    say(context, "wrote " + options.bundle);
  }
  const bool wrong = std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity() >= (options.strict ? Severity::warning : Severity::failure);
  });
  return wrong ? ExitCode::wrong : ExitCode::ok;
}

}  // namespace

void add_doctor_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<DoctorOptions>();
  auto* command = app.add_subcommand(
      "doctor", "finds problems, shows evidence and remedy; changes nothing without --fix");
  command->add_flag("--strict", options->strict, "warnings are failures too");
  command->add_flag("--fix", options->fix,
                    "removes socket files without a listener, undoes the faults of killed tests");
  command->add_flag("--list", options->list, "everything the doctor can find");
  command->add_option("--explain", options->explain, "the page of a finding: cause, evidence, remedy")
      ->type_name("ID");
  command
      ->add_option("--bundle", options->bundle,
                   "writes findings, effective inventory, status and log into a .tar.gz")
      ->type_name("FILE");
  command->add_option("--within", options->seconds, "seconds that a probe may take")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  on_chosen(*command, context, [options](const Context& ctx) { return examine(*options, ctx); });
}

}  // namespace labctl::cli
