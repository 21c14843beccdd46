#include "cli/post_mortem.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/masked.hpp"
#include "cli/bundle.hpp"
#include "doctor/diagnose.hpp"
#include "doctor/probes.hpp"
#include "observe/post_mortem.hpp"
#include "runner/run_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

namespace labctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* folder_name = "post-mortem";
// Of one look of the doctor: it runs beside other scenarios, and after a failure.
constexpr std::chrono::seconds probe_budget{10};

std::string scenario_text(const runner::ScenarioResult& scenario) {
  auto text = fmt::format("{}  {}\nseen at {:%Y-%m-%dT%H:%M:%SZ}\n", scenario.name, scenario.summary,
                          fmt::gmtime(std::time(nullptr)));
  if (!scenario.mark.empty()) text += "its slot's mark is " + scenario.mark + "\n";
  for (const auto& step : scenario.steps) {
    if (step.red()) text += runner::step_lines(step, true, runner::Paint());
  }
  return masked(text);
}

}  // namespace

void remove_post_mortems(const fs::path& report) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(report / folder_name, code)) {
    if (entry.path().string().ends_with(".tar.gz")) fs::remove(entry.path(), code);
  }
}

std::string save_post_mortem(cluster::Cluster& cluster, const runner::ScenarioResult& so_far,
                             const std::string& waits, const fs::path& report) {
  doctor::Observations seen;
  observe::PostMortem files;
  cluster.side_by_side([&] { files = observe::post_mortem(cluster); },
                       [&] { seen = doctor::observe(cluster.inventory(), Deadline::in(probe_budget)); });
  for (auto& [path, text] : doctor_files(cluster.inventory(), seen, doctor::diagnose(seen)))
    files.emplace(path, std::move(text));
  files["scenario.txt"] = scenario_text(so_far);
  files["waits.log"] = masked(waits);
  auto name = so_far.name;
  if (so_far.attempt > 1) name += fmt::format("-{}", so_far.attempt);
  const auto path = fs::path(folder_name) / (name + ".tar.gz");
  std::error_code code;
  fs::create_directories(report / folder_name, code);
  if (code)
    throw Error(Kind::system, "cannot make the folder: " + code.message(), (report / folder_name).string());
  write_bundle(report / path, files);
  return path.string();
}

}  // namespace labctl::cli
