#include "cli/test_command.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/post_mortem.hpp"
#include "cli/question.hpp"
#include "cli/scenario_list.hpp"
#include "cli/test_output.hpp"
#include "cli/test_states.hpp"
#include "cli/test_surroundings.hpp"
#include "cluster/cluster.hpp"
#include "cluster/faults.hpp"
#include "cluster/preflight.hpp"
#include "cluster/run_lock.hpp"
#include "observe/stock.hpp"
#include "observe/sweep.hpp"
#include "runner/baseline.hpp"
#include "runner/report_reader.hpp"
#include "runner/reports.hpp"
#include "runner/run.hpp"
#include "runner/run_order.hpp"
#include "runner/run_text.hpp"
#include "runner/selection.hpp"
#include "scenarios/table.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <thread>

namespace labctl::cli {
namespace {

struct TestOptions {
  bool all = false;
  bool list = false;
  bool fail_fast = false;
  bool keep = false;
  bool rerun_failed = false;
  bool yes = false;
  int repeat = 1;
  std::vector<std::string> names;
  std::vector<std::string> tags;
  std::string shard;
  std::optional<unsigned> seed;
  std::optional<int> jobs;
  std::string report = "build/report";
  std::string baseline;
  std::optional<TestFormat> format;
};

// CLI11's own messages name C++ functions or the largest double.
CLI::Validator whole_number(int least) {
  return {[least](const std::string& text) -> std::string {
            int value = 0;
            const auto* end = text.data() + text.size();
            const auto read = std::from_chars(text.data(), end, value);
            if (read.ec == std::errc{} && read.ptr == end && value >= least) return "";
            return fmt::format("expected a whole number, {} or more, not \"{}\"", least, text);
          },
          ""};
}

runner::Selection selection_of(const TestOptions& options) {
  runner::Selection selection;
  selection.names = options.names;
  selection.tags = options.tags;
  if (!options.shard.empty()) selection.shard = runner::parse_shard(options.shard);
  selection.seed = options.seed ? *options.seed : std::random_device()() % 100'000;
  selection.repeat = options.repeat;
  if (options.rerun_failed) {
    selection.names = runner::failed_scenarios(runner::read_report(options.report));
    if (selection.names.empty()) {
      throw Error(Kind::usage, "nothing to run again: no scenario of the last run failed", options.report);
    }
  }
  if (options.all && (!selection.names.empty() || !selection.tags.empty())) {
    throw Error(Kind::usage, "--all and a choice of scenarios exclude each other");
  }
  if (!options.all && selection.names.empty() && selection.tags.empty()) {
    throw Error(Kind::usage, "no scenario chosen", {}, "name one, or --all; labctl test --list shows them");
  }
  return selection;
}

std::string again(const TestOptions& options, const runner::Selection& selection) {
  std::string line = "labctl test";
  if (options.all) line += " --all";
  for (const auto& name : selection.names) line += " " + name;
  for (const auto& tag : selection.tags) line += " --tag " + tag;
  if (!options.shard.empty()) line += " --shard " + options.shard;
  if (options.repeat > 1) line += fmt::format(" --repeat {}", options.repeat);
  if (options.jobs) line += fmt::format(" --jobs {}", *options.jobs);
  if (!options.baseline.empty()) line += " --baseline " + options.baseline;
  return line + fmt::format(" --seed {}", selection.seed);
}

// Asks whether the cluster's apps of the service repository may be removed. On a disposable cluster they
// belong to tests; on others a person may have deployed them.
void ask_before_sweeping(cluster::Cluster& cluster, const TestOptions& options, const Context& context) {
  if (cluster.conventions().disposable) return;
  const auto found = observe::apps_in(observe::take_stock(cluster), cluster.conventions().service.repo);
  if (found.empty()) return;
  std::vector<std::string> names;
  names.reserve(found.size());
  for (const auto& app : found) names.push_back(app.app);
  const auto what = "the cluster has apps of the service repository: " + join(names, ", ");
  if (options.yes) {
    say(context, what);
  } else if (::isatty(STDIN_FILENO) != 1 || !confirmed(what + "\nA test would remove them, data and all.")) {
    throw Error(Kind::conflict, what, cluster.inventory().name,
                "if they are not needed: labctl test -y removes them first");
  }
}

// Prints, before the run, how many of the chosen scenarios the baseline has.
void tell_baseline(const runner::Baseline& baseline, const std::vector<runner::Planned>& plan,
                   const Context& context) {
  std::set<std::string> chosen, known;
  for (const auto& one : plan) {
    chosen.insert(one.scenario->name);
    if (baseline.has(one.scenario->name)) known.insert(one.scenario->name);
  }
  say(context, fmt::format("baseline {} has {} of {}", baseline.origin().name(), known.size(),
                           plural(chosen.size(), "scenario")));
  if (known.empty())
    say(context, "warning: the baseline has none of these scenarios, so every red is a new red");
}

// Removes what a killed run left, or what is still being deployed for it: it would hold the domain and port
// that scenarios need.
void sweep(cluster::Cluster& cluster, const Context& context) {
  const auto swept = observe::sweep(cluster, [&](const contract::AppName& app) {
    say(context, "sweep    " + app.app + ", left by an earlier run");
  });
  for (const auto& [app, report, silent] : swept) {
    if (!silent.empty()) {
      say(context, "warning: no response from the deploy handler on " + join(silent, ", "));
    }
    if (report.clean()) continue;
    auto trouble = report.left;
    trouble.insert(trouble.end(), report.errors.begin(), report.errors.end());
    throw Error(Kind::unavailable, "cannot be removed:\n" + join(trouble, "\n"), app.app);
  }
}

// What is wrong with the cluster itself, if anything.
std::optional<Error> trouble_of(cluster::Cluster& cluster) {
  try {
    cluster::require_ready(cluster);
    return std::nullopt;
  } catch (const Error& e) {
    if (e.kind() == Kind::interrupted) throw;
    return e;
  }
}

// Everything that the test may leak. On a cluster that is not disposable, other people may deploy during the
// test: there, only objects of the service repository's apps count.
runner::StockLines stock_of(cluster::Cluster& cluster) {
  const auto& conventions = cluster.conventions();
  constexpr std::size_t hash = 5;  // of the repository, at the end of every project
  const auto project = contract::app_name(conventions.service.repo, "any").project;
  const auto ours = project.substr(project.size() - hash);
  runner::StockLines stock;
  for (const auto& item : observe::take_stock(cluster).items) {
    if (conventions.disposable || item.project.ends_with(ours)) stock.things.insert(item.text);
  }
  return stock;
}

runner::RunResult run_on(const inventory::Inventory& inventory, const TestOptions& options,
                         const runner::Selection& selection, runner::Printer& printer, const Context& context,
                         const std::vector<std::string>& facts) {
  cluster::Cluster cluster(inventory);
  const auto table = scenarios::table(cluster.nodes());
  auto plan = runner::select(table, selection);
  const auto& service = inventory.cluster.service;
  const auto left_out = runner::leave_out(
      plan, {.move_branches = service.writable, .disrupt = inventory.cluster.disposable}, selection.names);
  cluster::require_ready(cluster);
  const cluster::RunLock lock(cluster);
  cluster::undo_left_faults(cluster,
                            [&](const cluster::LeftFault& left) { say(context, "undo     " + left.text()); });
  ask_before_sweeping(cluster, options, context);
  sweep(cluster, context);
  const auto jobs = runner::choose_jobs({.asked = options.jobs,
                                         .cores = static_cast<int>(std::thread::hardware_concurrency()),
                                         .ports = static_cast<int>(service.ssh_ports.size()),
                                         .writable = service.writable,
                                         .runs = static_cast<int>(plan.size())});
  printer.plan(
      {.scenarios = plan, .left_out = left_out, .jobs = jobs.count, .why = jobs.why, .seed = selection.seed});

  runner::RunOptions run_options;
  run_options.fail_fast = options.fail_fast;
  run_options.keep = options.keep;
  run_options.jobs = jobs.count;
  run_options.ssh_ports = service.ssh_ports;
  if (service.writable) run_options.tag = runner::run_tag(std::time(nullptr), selection.seed, ::getpid());
  run_options.cluster_trouble = trouble_of;
  run_options.take_stock = stock_of;
  run_options.sweep = observe::sweep_own;
  remove_post_mortems(options.report);
  run_options.post_mortem = [&](cluster::Cluster& of, const runner::ScenarioResult& so_far,
                                const std::string& waits) {
    return save_post_mortem(of, so_far, waits, options.report);
  };
  run_options.states = states_of_own_apps;
  const auto make_cluster = [&](const cluster::Slot& slot) {
    return std::make_unique<cluster::Cluster>(cluster, slot);
  };
  auto run = runner::run_plan(plan, make_cluster, printer, run_options);
  run.left_out = left_out;
  run.seed = selection.seed;
  run.again = again(options, selection);
  run.environment = facts;
  return run;
}

// The error if the reports cannot be written: the verdict is told nevertheless.
std::optional<Error> error_of_writing(const runner::RunResult& run, const std::string& folder) {
  try {
    runner::write_reports(run, folder);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

ExitCode exit_code_of(const runner::RunResult& run, bool own_lab) {
  if (run.interrupted) return ExitCode::interrupted;
  if (run.cluster_lost()) return own_lab ? ExitCode::lab : ExitCode::unable;
  if (run.wrong()) return ExitCode::wrong;
  if (run.unable()) return ExitCode::unable;
  return run.acceptable() ? ExitCode::ok : ExitCode::wrong;
}

ExitCode test(const TestOptions& options, const Context& context) {
  if (options.list) {
    const auto table = scenarios::table({});
    fmt::print("{}", context.json ? scenario_list_json(table) : scenario_list(table));
    return ExitCode::ok;
  }
  const auto selection = selection_of(options);
  // A wrong name is reported before anything is started.
  const auto table = scenarios::table({});
  const auto plan = runner::select(table, selection);
  runner::require_writable(options.report);
  std::optional<runner::Baseline> baseline;
  if (!options.baseline.empty()) {
    // Read before the run, because the run may write its report to the same folder.
    baseline.emplace(runner::read_report(options.baseline), options.baseline);
    tell_baseline(*baseline, plan, context);
  }

  TestOutput output(chosen_format(options.format, context.json), context, options.report);
  if (baseline) output.compare_with(*baseline);

  TestSurroundings surroundings(context);
  auto run =
      run_on(surroundings.inventory(), options, selection, output.printer(), context, surroundings.facts());
  run.labctl = LABCTL_VERSION;
  if (baseline) baseline->compare(run);
  const auto unwritten = error_of_writing(run, options.report);
  output.printer().summary(run, unwritten ? "" : options.report + "/index.html");
  const auto code = exit_code_of(run, surroundings.own_lab());
  if (options.keep && !run.passed()) {
    surroundings.keep();
  } else {
    surroundings.close();
  }
  if (unwritten) throw *unwritten;
  return code;
}

}  // namespace

void add_test_command(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("test", "runs scenarios against the cluster");
  auto options = std::make_shared<TestOptions>();
  command->add_option("scenario", options->names, "scenarios to run")->type_name("SCENARIO");
  command->add_flag("--all", options->all, "every scenario");
  command->add_option("--tag", options->tags, "every scenario with this tag")->type_name("TAG");
  auto* list = command->add_flag("--list", options->list, "show the scenarios, run none");
  command
      ->add_option("--format", options->format,
                   "output: plain, github (workflow commands), tap (version 14) or jsonl (an object for each "
                   "event; same as --json)")
      ->option_text("FORMAT")
      ->excludes(list)
      ->transform(CLI::CheckedTransformer(std::map<std::string, TestFormat>{{"plain", TestFormat::plain},
                                                                            {"github", TestFormat::github},
                                                                            {"tap", TestFormat::tap},
                                                                            {"jsonl", TestFormat::jsonl}}));
  command->add_flag("--fail-fast", options->fail_fast, "stop after the first scenario that does not pass");
  command->add_flag("--keep", options->keep, "keep what a failed scenario deployed, the lab and the tunnels");
  command->add_flag("--rerun-failed", options->rerun_failed, "those that did not pass in the last report");
  command->add_flag("-y,--yes", options->yes,
                    "remove leftover test apps without asking, on a cluster that is not disposable");
  command->add_option("--repeat", options->repeat, "run each N times")
      ->type_name("N")
      ->check(whole_number(1));
  command->add_option("--shard", options->shard, "only part I of N")->type_name("I/N");
  command->add_option("--jobs", options->jobs, "run up to N scenarios at the same time")
      ->type_name("N")
      ->check(whole_number(1));
  command->add_option("--seed", options->seed, "order of the scenarios and their shoulds")
      ->type_name("S")
      ->check(whole_number(0));
  command->add_option("--report", options->report, "folder for index.html, junit.xml and results.json")
      ->type_name("DIR")
      ->capture_default_str();
  command
      ->add_option("--baseline", options->baseline,
                   "an earlier report (folder or results.json); only steps that are not red there end with 1")
      ->type_name("OLD");
  on_chosen(*command, context, [options](const Context& chosen) { return test(*options, chosen); });
}

}  // namespace labctl::cli
