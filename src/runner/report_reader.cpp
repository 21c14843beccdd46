#include "runner/report_reader.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "runner/reports.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <initializer_list>
#include <limits>
#include <set>

namespace labctl::runner {
namespace {

using nlohmann::json;

// A JSON value, with its file and position for error messages.
class Value {
public:
  Value(const json& value, const std::string& file, std::string pointer)
      : value_(value), file_(file), pointer_(std::move(pointer)) {}

  Value operator[](const char* key) const {
    if (!value_.is_object()) expected("an object");
    const auto found = value_.find(key);
    if (found == value_.end()) expected(fmt::format("a key \"{}\"", key), "none");
    return {*found, file_, pointer_ + "/" + key};
  }
  bool is_object() const { return value_.is_object(); }
  bool has(const char* key) const { return value_.is_object() && value_.contains(key); }

  std::string text() const {
    if (!value_.is_string()) expected("a text");
    return value_.get<std::string>();
  }
  bool flag() const {
    if (!value_.is_boolean()) expected("true or false");
    return value_.get<bool>();
  }
  template <typename Number>
  Number number() const {
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
    // The parser returns a number without sign and decimal point as unsigned.
    if (!value_.is_number_unsigned() || value_.get<std::uint64_t>() > most)
      expected(fmt::format("a whole number from 0 to {}", most));
    return static_cast<Number>(value_.get<std::uint64_t>());
  }
  std::chrono::milliseconds milliseconds() const {
    // A hundred years, so that sums do not overflow.
    constexpr std::int64_t most = 3'155'760'000'000;
    const auto count = number<std::int64_t>();
    if (count > most) expected(fmt::format("milliseconds, {} at most", most));
    return std::chrono::milliseconds(count);
  }
  // The one of these values whose to_string() is this text.
  template <typename Enum>
  Enum word(std::initializer_list<Enum> values) const {
    std::vector<std::string> words;
    for (const auto one : values) {
      words.emplace_back(to_string(one));
      if (value_.is_string() && value_.get_ref<const std::string&>() == words.back()) return one;
    }
    expected("one of " + join(words, ", "));
  }
  template <typename Read>
  auto list(Read read) const -> std::vector<decltype(read(*this))> {
    if (!value_.is_array()) expected("a list");
    std::vector<decltype(read(*this))> items;
    for (std::size_t i = 0; i < value_.size(); ++i)
      items.push_back(read(Value{value_[i], file_, fmt::format("{}/{}", pointer_, i)}));
    return items;
  }
  std::vector<std::string> texts() const {
    return list([](const Value& one) { return one.text(); });
  }

private:
  [[noreturn]] void expected(const std::string& what) const {
    constexpr std::size_t enough = 60;
    auto seen = value_.dump(-1, ' ', true, json::error_handler_t::replace);
    if (seen.size() > enough) seen = seen.substr(0, enough) + "...";
    expected(what, seen);
  }
  [[noreturn]] void expected(const std::string& what, const std::string& seen) const {
    throw Error(Kind::invalid,
                fmt::format("not a report of labctl: {}: expected {}, seen {}",
                            pointer_.empty() ? "at the top" : pointer_, what, seen),
                file_);
  }

  const json& value_;
  const std::string& file_;
  std::string pointer_;
};

StepResult step_of(const Value& value) {
  StepResult step;
  step.phase = value["phase"].word({Phase::given, Phase::because, Phase::should, Phase::cleanup});
  step.text = value["text"].text();
  step.verdict = value["verdict"].word(
      {Verdict::passed, Verdict::failed, Verdict::errored, Verdict::interrupted, Verdict::not_run});
  step.took = value["milliseconds"].milliseconds();
  if (value.has("expected"))
    step.mismatch = Mismatch{value["expected"].text(), value["seen"].text(), value["where"].text()};
  if (value.has("error")) step.error = value["error"].text();
  if (value.has("notes")) step.notes = value["notes"].texts();
  if (value.has("began")) step.began = value["began"].milliseconds();
  return step;
}

Activity activity_of(const Value& value) {
  Activity activity;
  activity.kind =
      value["kind"].word({Activity::Kind::event, Activity::Kind::handler, Activity::Kind::maintenance});
  if (value.has("node")) activity.node = value["node"].text();
  if (value.has("event")) activity.event = value["event"].text();
  activity.began = value["began"].milliseconds();
  activity.took = value["milliseconds"].milliseconds();
  if (value.has("ended")) activity.ended = value["ended"].flag();
  return activity;
}

ScenarioResult scenario_of(const Value& value) {
  ScenarioResult scenario;
  scenario.name = value["name"].text();
  scenario.summary = value["summary"].text();
  scenario.tags = value["tags"].texts();
  scenario.attempt = value["attempt"].number<int>();
  scenario.number = value["number"].number<int>();
  scenario.mark = value["mark"].text();
  scenario.outcome = value["outcome"].word({Outcome::passed, Outcome::failed, Outcome::errored,
                                            Outcome::unable, Outcome::flaky, Outcome::interrupted});
  scenario.took = value["milliseconds"].milliseconds();
  scenario.steps = value["steps"].list(step_of);
  if (value.has("began")) scenario.began = value["began"].milliseconds();
  if (value.has("activities")) scenario.activities = value["activities"].list(activity_of);
  if (value.has("attachments")) {
    scenario.attachments = value["attachments"].list([](const Value& one) {
      return Attachment{one["name"].text(), one["text"].text()};
    });
  }
  return scenario;
}

RunResult run_of(const Value& value, const std::string& where) {
  if (value.is_object() && !value.has("format")) {
    throw Error(
        Kind::invalid,
        fmt::format("not a report that can be read: it has no \"format\", expected {}", report_format), where,
        "labctl wrote none before it could compare; run the tests of that version again");
  }
  if (const auto format = value["format"].number<int>(); format != report_format) {
    throw Error(Kind::invalid, fmt::format("a report of format {}, expected {}", format, report_format),
                where,
                "it was written by labctl " + (value.has("labctl") ? value["labctl"].text() : "unknown"));
  }
  RunResult run;
  run.labctl = value["labctl"].text();
  run.started = value["started"].text();
  run.took = value["milliseconds"].milliseconds();
  run.jobs = value["jobs"].number<int>();
  run.seed = value["seed"].number<unsigned>();
  run.again = value["again"].text();
  run.environment = value["environment"].texts();
  run.interrupted = value["interrupted"].flag();
  run.left_out = value["left_out"].list([](const Value& one) {
    return LeftOut{one["name"].text(), one["why"].text()};
  });
  run.leaked = value["leaked"].texts();
  // A report of before that key: its end was looked at if every scenario ended.
  run.audited = value.has("audited") ? value["audited"].flag() : !run.interrupted;
  run.scenarios = value["scenarios"].list(scenario_of);
  return run;
}

// "line 3, column 7: ...", without the prefix that the library adds.
std::string plain(const std::string& message) {
  constexpr std::string_view before = "parse error at ";
  const auto at = message.find(before);
  return at == std::string::npos ? message : message.substr(at + before.size());
}

}  // namespace

RunResult parse_report(std::string_view text, const std::string& where) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::exception& e) {
    throw Error(Kind::invalid, "not a report of labctl, not JSON: " + plain(e.what()), where);
  }
  return run_of({document, where, ""}, where);
}

RunResult read_report(const std::filesystem::path& file_or_folder) {
  std::error_code none;
  const auto file =
      std::filesystem::is_directory(file_or_folder, none) ? file_or_folder / "results.json" : file_or_folder;
  return parse_report(read_file(file), file.string());
}

std::vector<std::string> failed_scenarios(const RunResult& run) {
  std::set<std::string> names;
  for (const auto& one : run.scenarios) {
    if (one.outcome != Outcome::passed) names.insert(one.name);
  }
  return {names.begin(), names.end()};
}

}  // namespace labctl::runner
