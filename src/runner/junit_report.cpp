#include "base/text.hpp"
#include "runner/reports.hpp"

#include <fmt/format.h>
#include <pugixml.hpp>

#include <sstream>
#include <utility>
#include <vector>

namespace labctl::runner {
namespace {

std::string seconds_of(std::chrono::milliseconds took) {
  return fmt::format("{:.3f}", static_cast<double>(took.count()) / 1000);
}

// XML 1.0 cannot represent most control characters, but output of a node may contain them.
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

std::string message_of(const StepResult& step) {
  if (!step.mismatch) return step.error;
  return (step.error.empty() ? "" : step.error + ": ") +
         CheckFailed(step.mismatch->expected, step.mismatch->seen, step.mismatch->where).what();
}

// What a step counts as in JUnit.
enum class CountedAs { success, failure, error, skipped };
CountedAs counts_as(const StepResult& step) {
  if (step.compared.change == Change::known_red) return CountedAs::skipped;
  switch (step.verdict) {
    case Verdict::passed:
      return CountedAs::success;
    case Verdict::failed:
      return CountedAs::failure;
    case Verdict::errored:
    case Verdict::interrupted:
      return CountedAs::error;
    case Verdict::not_run:
      return step.compared.change == Change::new_red ? CountedAs::failure : CountedAs::skipped;
  }
  return CountedAs::error;
}

void add_properties(pugi::xml_node to, const std::vector<std::pair<const char*, std::string>>& properties) {
  auto list = to.append_child("properties");
  for (const auto& [key, value] : properties) {
    auto property = list.append_child("property");
    property.append_attribute("name") = key;
    property.append_attribute("value") = clean(value).c_str();
  }
}

void add_case(pugi::xml_node suite, const ScenarioResult& scenario, const StepResult& step) {
  auto test = suite.append_child("testcase");
  test.append_attribute("classname") = clean(scenario.name).c_str();
  const auto name =
      step.phase == Phase::should ? step.text : fmt::format("{}: {}", to_string(step.phase), step.text);
  test.append_attribute("name") = clean(name).c_str();
  test.append_attribute("time") = seconds_of(step.took).c_str();
  if (step.compared.change != Change::none) add_properties(test, {{"baseline", step.compared.text()}});
  const auto add = [&](const char* element, const std::string& message) {
    auto child = test.append_child(element);
    child.append_attribute("message") = clean(message).c_str();
    return child;
  };
  switch (counts_as(step)) {
    case CountedAs::success:
      break;
    case CountedAs::failure:
      if (step.mismatch) {
        add("failure", message_of(step)).text() =
            clean(fmt::format("expected: {}\nseen: {}\nwhere: {}", step.mismatch->expected,
                              step.mismatch->seen, step.mismatch->where))
                .c_str();
      } else {
        add("failure", step.compared.text());
      }
      break;
    case CountedAs::error:
      add("error", step.error);
      break;
    case CountedAs::skipped:
      if (step.compared.change == Change::known_red) {
        add("skipped", step.compared.text() + (step.red() ? "; " + message_of(step) : ""));
      } else {
        add("skipped", "not run: given or because went wrong");
      }
  }
}

struct Numbers {
  int tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(const StepResult& step) {
    ++tests;
    const auto as = counts_as(step);
    failures += as == CountedAs::failure;
    errors += as == CountedAs::error;
    skipped += as == CountedAs::skipped;
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
  suites.append_attribute("time") = seconds_of(run.took).c_str();
  // The JUnit format does not define these attributes; readers ignore unknown ones.
  suites.append_attribute("seed") = run.seed;
  suites.append_attribute("jobs") = run.jobs;
  if (run.comparison) {
    suites.append_attribute("baseline") = clean(run.comparison->name()).c_str();
    suites.append_attribute("compared") = run.comparison->text().c_str();
  }
  Numbers total;
  for (const auto& scenario : run.scenarios) {
    auto suite = suites.append_child("testsuite");
    auto name = scenario.name;
    if (scenario.attempt > 1) name += fmt::format(" (attempt {})", scenario.attempt);
    suite.append_attribute("name") = clean(name).c_str();
    suite.append_attribute("time") = seconds_of(scenario.took).c_str();
    suite.append_attribute("timestamp") = run.started.c_str();
    add_properties(suite, {{"number", std::to_string(scenario.number)}, {"mark", scenario.mark}});
    Numbers numbers;
    for (const auto& step : scenario.steps) {
      const bool unremarkable = step.verdict == Verdict::passed && step.compared.change != Change::mended;
      if (step.phase != Phase::should && unremarkable) continue;
      add_case(suite, scenario, step);
      numbers.add(step);
      total.add(step);
    }
    numbers.write(suite);
  }
  // Chosen but not run: written as skipped tests, so that CI shows them.
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
    const bool known = run.comparison && run.comparison->leaked.change == Change::known_red;
    test.append_child(known ? "skipped" : "failure").append_attribute("message") =
        clean((known ? "known red; " : "") + join(run.leaked, "; ")).c_str();
    const Numbers numbers{.tests = 1, .failures = known ? 0 : 1, .skipped = known ? 1 : 0};
    numbers.write(suite);
    ++total.tests;
    total.failures += numbers.failures;
    total.skipped += numbers.skipped;
  }
  total.write(suites);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace labctl::runner
