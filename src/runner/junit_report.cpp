#include "base/text.hpp"
#include "runner/reports.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>

namespace labctl::runner {
namespace {

std::string seconds(std::chrono::milliseconds took) {
  return fmt::format("{:.3f}", static_cast<double>(took.count()) / 1000);
}

// XML 1.0 has no way to write most control characters, and output of a node may hold any.
std::string clean(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 || c == '\n' || c == '\t') {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", byte);
    }
  }
  return result;
}

void add_case(pugi::xml_node suite, const ScenarioResult& scenario, const StepResult& step) {
  auto test = suite.append_child("testcase");
  test.append_attribute("classname") = clean(scenario.name).c_str();
  const auto name =
      step.phase == Phase::should ? step.text : fmt::format("{}: {}", to_string(step.phase), step.text);
  test.append_attribute("name") = clean(name).c_str();
  test.append_attribute("time") = seconds(step.took).c_str();
  if (step.mismatch) {
    const CheckFailed failed(step.mismatch->expected, step.mismatch->seen, step.mismatch->where);
    auto failure = test.append_child("failure");
    failure.append_attribute("message") = clean(failed.what()).c_str();
    failure.text() = clean(fmt::format("expected: {}\nseen: {}\nwhere: {}", step.mismatch->expected,
                                       step.mismatch->seen, step.mismatch->where))
                         .c_str();
  } else if (step.verdict == Verdict::errored || step.verdict == Verdict::interrupted) {
    auto error = test.append_child("error");
    error.append_attribute("message") = clean(step.error).c_str();
  } else if (step.verdict == Verdict::not_run) {
    test.append_child("skipped").append_attribute("message") = "not run: given or because went wrong";
  }
}

struct Numbers {
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(const StepResult& step) {
    ++tests;
    failures += step.verdict == Verdict::failed;
    errors += step.verdict == Verdict::errored || step.verdict == Verdict::interrupted;
    skipped += step.verdict == Verdict::not_run;
  }
  void write(pugi::xml_node node) const {
    node.append_attribute("tests") = tests;
    node.append_attribute("failures") = failures;
    node.append_attribute("errors") = errors;
    node.append_attribute("skipped") = skipped;
  }
};

}  // namespace

std::string junit_xml(const RunResult& run) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto suites = document.append_child("testsuites");
  suites.append_attribute("name") = "labctl";
  suites.append_attribute("time") = seconds(run.took).c_str();
  // What JUnit's format has no word for; readers skip attributes they do not know.
  suites.append_attribute("seed") = run.seed;
  suites.append_attribute("jobs") = run.jobs;
  Numbers total;
  for (const auto& scenario : run.scenarios) {
    auto suite = suites.append_child("testsuite");
    auto name = scenario.name;
    if (scenario.attempt > 1) name += fmt::format(" (attempt {})", scenario.attempt);
    suite.append_attribute("name") = clean(name).c_str();
    suite.append_attribute("time") = seconds(scenario.took).c_str();
    suite.append_attribute("timestamp") = run.started.c_str();
    const std::vector<std::pair<const char*, std::string>> properties = {
        {"number", std::to_string(scenario.number)}, {"mark", scenario.mark}};
    auto list = suite.append_child("properties");
    for (const auto& [key, value] : properties) {
      auto property = list.append_child("property");
      property.append_attribute("name") = key;
      property.append_attribute("value") = clean(value).c_str();
    }
    Numbers numbers;
    for (const auto& step : scenario.steps) {
      if (step.phase != Phase::should && step.verdict == Verdict::passed) continue;
      add_case(suite, scenario, step);
      numbers.add(step);
      total.add(step);
    }
    numbers.write(suite);
  }
  // Chosen but not run here; CI shows a skipped test.
  for (const auto& one : run.left_out) {
    auto suite = suites.append_child("testsuite");
    suite.append_attribute("name") = clean(one.name).c_str();
    auto test = suite.append_child("testcase");
    test.append_attribute("classname") = clean(one.name).c_str();
    test.append_attribute("name") = "left out";
    test.append_child("skipped").append_attribute("message") = clean("left out: " + one.why).c_str();
    const Numbers numbers{.tests = 1, .skipped = 1};
    numbers.write(suite);
    ++total.tests;
    ++total.skipped;
  }
  if (!run.leaked.empty()) {
    auto suite = suites.append_child("testsuite");
    suite.append_attribute("name") = "the whole run";
    auto test = suite.append_child("testcase");
    test.append_attribute("classname") = "the whole run";
    test.append_attribute("name") = "nothing leaked";
    test.append_child("failure").append_attribute("message") = clean(join(run.leaked, "; ")).c_str();
    const Numbers numbers{.tests = 1, .failures = 1};
    numbers.write(suite);
    ++total.tests;
    ++total.failures;
  }
  total.write(suites);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace labctl::runner
