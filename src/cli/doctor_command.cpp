#include "cli/doctor_command.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "cli/bundle.hpp"
#include "cli/command.hpp"
#include "cli/consul_token.hpp"
#include "cli/doctor_report.hpp"
#include "cluster/faults.hpp"
#include "cluster/run_lock.hpp"
#include "doctor/diagnose.hpp"
#include "doctor/explanation.hpp"
#include "doctor/probes.hpp"
#include "doctor/recorded.hpp"
#include "http/stop.hpp"
#include "inventory/find.hpp"
#include "tunnels/client.hpp"
#include "tunnels/local_end.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <iterator>
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
  std::string bundle;  // to read
  std::string save;
  std::string explain;
  std::string text;
  double wait = 0;
};

struct Examined {
  std::optional<inventory::Inventory> inventory;
  doctor::Observations seen;
};

// The line that says how far the probes are, on a terminal only.
class Progress {
public:
  explicit Progress(const Context& context)
      : shown_(context.colour_on(STDERR_FILENO) && !context.json && context.verbosity != Verbosity::quiet) {}
  ~Progress() {
    if (shown_) fmt::print(stderr, "\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void tell(std::size_t ended, std::size_t all) const {
    if (!shown_) return;
    fmt::print(stderr, "\r\x1b[Kdoctor   {} of {} probes", ended, all);
    std::fflush(stderr);
  }

private:
  bool shown_;
};

Examined look_around(const Context& context, Deadline deadline, std::vector<std::string_view> groups = {}) {
  const Progress progress(context);
  const auto token = consul_token(::getenv);
  try {
    auto inventory = context.load_inventory();
    inventory.consul_token = token;
    auto seen = doctor::observe(
        inventory, deadline,
        {std::move(groups), [&](std::size_t ended, std::size_t all) { progress.tell(ended, all); }});
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

bool is_wrong(const std::vector<Finding>& findings, const DoctorOptions& options) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.severity() >= (options.strict ? Severity::warning : Severity::failure);
  });
}

std::chrono::milliseconds as_time(double seconds) {
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

// Until the daemon's status changes, or for a second.
void await_change(const Examined& examined) {
  constexpr std::chrono::seconds pause{1};
  if (examined.inventory && examined.seen.daemon.status) {
    try {
      tunnels::status(examined.inventory->name, examined.seen.daemon.status->revision, pause);
      throw_if_interrupted();
      return;
    } catch (const Error& error) {
      if (error.kind() == Kind::interrupted) throw;
    }
  }
  http::StopScope::pause(pause);
}

ExitCode explain_text(const DoctorOptions& options, const Context& context, const doctor::Reading& reading) {
  const auto deadline = Deadline::in(as_time(options.seconds));
  doctor::Explanation explanation;
  if (!reading.findings.empty())
    explanation = doctor::explain(reading, look_around(context, deadline, doctor::groups_of(reading)).seen);
  print_explanation(reading, explanation, deadline, context);
  const bool wrong = is_wrong(explanation.causes, options) || is_wrong(explanation.in_the_way, options);
  return wrong ? ExitCode::wrong : ExitCode::ok;
}

// Says what the doctor would have said when the bundle was written.
ExitCode read_bundle(const DoctorOptions& options, const Context& context) {
  const auto start = Deadline::in(as_time(options.seconds));
  const auto record = read_from_bundle(options.bundle, "observations.json");
  if (!record) {
    throw Error(Kind::invalid, "the archive has no observations.json", options.bundle,
                "labctl doctor --save FILE and a failed labctl test write bundles");
  }
  const auto seen = doctor::parse_observations(*record, options.bundle + ": observations.json");
  if (const auto scenario = read_from_bundle(options.bundle, "scenario.txt")) say(context, *scenario);
  const auto findings = doctor::diagnose(seen);
  print_findings(findings, seen, start, context);
  return is_wrong(findings, options) ? ExitCode::wrong : ExitCode::ok;
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
  if (!options.bundle.empty()) return read_bundle(options, context);
  if (!options.text.empty()) {
    const auto text =
        options.text == "-" ? std::string(std::istreambuf_iterator<char>(std::cin), {}) : options.text;
    if (const auto reading = doctor::read_message(text)) return explain_text(options, context, *reading);
    say(context, "the doctor does not know this message; it looks at everything");
  }
  const auto patience = Deadline::in(as_time(options.wait));
  auto deadline = Deadline::in(as_time(options.seconds));
  auto examined = look_around(context, deadline);
  const bool fixed = options.fix && (fix(examined.seen, context) | undo_faults(examined, context));
  if (fixed) {
    deadline = Deadline::in(as_time(options.seconds));
    examined = look_around(context, deadline);
  }
  auto findings = doctor::diagnose(examined.seen);
  std::string told;
  while (is_wrong(findings, options) && !patience.passed()) {
    std::vector<std::string> ids;
    for (const auto& finding : findings) ids.push_back(finding.id);
    if (const auto line = join(ids, ", "); line != told) say(context, "waiting  " + (told = line));
    await_change(examined);
    deadline = Deadline::in(as_time(options.seconds));
    examined = look_around(context, deadline);
    findings = doctor::diagnose(examined.seen);
  }
  print_findings(findings, examined.seen, deadline, context);
  if (!options.save.empty()) {
    write_bundle(options.save, doctor_files(examined.inventory, examined.seen, findings));
    say(context, "wrote " + options.save);
  }
  return is_wrong(findings, options) ? ExitCode::wrong : ExitCode::ok;
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
      ->add_option("--save", options->save,
                   "writes a bundle: findings, effective inventory, status and log in a .tar.gz")
      ->type_name("FILE");
  auto* bundle =
      command->add_option("--bundle", options->bundle,
                          "looks at a bundle (of --save, or of a failed test) instead of the cluster");
  bundle->type_name("FILE");
  command->add_option("text", options->text,
                      "a message of docker, Consul, curl, ssh or a test (- for stdin): explains it, "
                      "and looks only at that");
  command->add_option("--wait", options->wait, "seconds to look again and again until nothing is wrong")
      ->check(CLI::Range(0.0, 86400.0));
  command->add_option("--within", options->seconds, "seconds that a probe may take")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  for (const auto* live : {"--fix", "--wait", "--save", "text"}) bundle->excludes(command->get_option(live));
  on_chosen(*command, context, [options](const Context& ctx) { return examine(*options, ctx); });
}

}  // namespace labctl::cli
