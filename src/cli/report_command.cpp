#include "cli/report_command.hpp"

#include "cli/command.hpp"
#include "runner/baseline.hpp"
#include "runner/report_diff.hpp"
#include "runner/report_reader.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>
#include <string>

namespace labctl::cli {
namespace {

struct DiffOptions {
  std::string a, b;
};

ExitCode diff(const DiffOptions& options, const Context& context) {
  const auto a = runner::read_report(options.a);
  auto b = runner::read_report(options.b);
  runner::Baseline(a, options.a).compare(b);
  fmt::print("{}", context.json ? runner::diff_json(a, b) : runner::diff_text(a, b, options.b));
  return b.comparison->new_red > 0 ? ExitCode::wrong : ExitCode::ok;
}

}  // namespace

void add_report_command(CLI::App& app, Context& context) {
  auto* report = app.add_subcommand("report", "compares what labctl test wrote")->require_subcommand(1);
  auto options = std::make_shared<DiffOptions>();
  auto* command =
      report->add_subcommand("diff",
                             "verdicts and times of two reports, side by side; ends with 1 if B has reds "
                             "that A has not");
  command->add_option("a", options->a, "the older: a report folder or its results.json")
      ->type_name("A")
      ->required();
  command->add_option("b", options->b, "the newer")->type_name("B")->required();
  on_chosen(*command, context, [options](const Context& chosen) { return diff(*options, chosen); });
}

}  // namespace labctl::cli
