#include "cli/doctor_report.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "doctor/pages.hpp"
#include "doctor/summary.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <algorithm>

namespace labctl::cli {
namespace {

using doctor::Finding;
using doctor::GroupSummary;
using doctor::Severity;

struct Mark {
  const char* sign;
  const char* colour;
};

Mark mark_of(Severity severity) {
  switch (severity) {
    case Severity::note:
      return {"·", "\x1b[36m"};
    case Severity::warning:
      return {"!", "\x1b[33m"};
    default:
      return {"✗", "\x1b[31m"};
  }
}

std::string painted(const Mark& mark, const std::string& words, bool colour) {
  return colour ? fmt::format("{}{} {}\x1b[0m", mark.colour, mark.sign, words)
                : fmt::format("{} {}", mark.sign, words);
}

void print_lines(const char* label, const std::vector<std::string>& all) {
  for (const auto& line : all) fmt::print("    {:<8} {}\n", &line == &all.front() ? label : "", line);
}

void print_finding(const Finding& finding, bool colour) {
  fmt::print("{}  {}\n", painted(mark_of(finding.severity()), finding.id, colour),
             join(finding.subjects, ", "));
  fmt::print("    {}\n", doctor::trouble(finding.id).meaning);
  print_lines("seen", finding.evidence);
  print_lines("remedy", {finding.remedy});
}

void print_not_known(const GroupSummary& summary, bool colour) {
  fmt::print("{}  not all of it could be looked at\n",
             painted({"?", "\x1b[33m"}, std::string(summary.group->name), colour));
  print_lines("because", summary.not_known);
}

void print_group(const GroupSummary& summary, const std::vector<Finding>& findings, bool colour) {
  const std::string name(summary.group->name);
  if (summary.state == GroupSummary::State::well)
    fmt::print("{}  {}\n", painted({"✓", "\x1b[32m"}, name, colour), summary.group->about);
  for (const auto& finding : findings) {
    if (&doctor::groups()[doctor::group_of(finding.id)] == summary.group) print_finding(finding, colour);
  }
  if (!summary.not_known.empty()) print_not_known(summary, colour);
}

std::vector<Finding> some_of(const std::vector<Finding>& findings, bool notes) {
  std::vector<Finding> some;
  for (const auto& finding : findings) {
    if ((finding.severity() == Severity::note) == notes) some.push_back(finding);
  }
  return some;
}

nlohmann::ordered_json summary_json(const GroupSummary& summary) {
  nlohmann::ordered_json json;
  json["name"] = summary.group->name;
  json["state"] = doctor::to_string(summary.state);
  json["not_known"] = summary.not_known;
  return json;
}

nlohmann::ordered_json trouble_json(const doctor::Trouble& trouble) {
  nlohmann::ordered_json json;
  json["id"] = trouble.id;
  json["group"] = doctor::groups()[doctor::group_of(trouble.id)].name;
  json["severity"] = doctor::to_string(trouble.severity);
  json["meaning"] = trouble.meaning;
  json["cause"] = trouble.cause;
  json["evidence"] = trouble.evidence;
  json["remedy"] = trouble.remedy;
  return json;
}

}  // namespace

void print_findings(const std::vector<Finding>& findings, const doctor::Observations& seen, Deadline deadline,
                    const Context& context) {
  const auto summaries = doctor::summarize(seen, findings);
  if (context.json) {
    nlohmann::ordered_json document;
    document["findings"] = some_of(findings, false);
    document["groups"] = nlohmann::ordered_json::array();
    for (const auto& summary : summaries) document["groups"].push_back(summary_json(summary));
    document["notes"] = some_of(findings, true);
    document["seconds"] = static_cast<double>(deadline.elapsed().count()) / 1000;
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  const bool colour = context.colour_on(STDOUT_FILENO);
  bool well = true;
  for (const auto& summary : summaries) {
    print_group(summary, findings, colour);
    well = well && (summary.state == GroupSummary::State::well || summary.state == GroupSummary::State::note);
  }
  if (well) {
    fmt::print("nothing wrong: {}, {}, Consul's leader is {}   {}\n", plural(seen.nodes.size(), "node"),
               plural(seen.forwards.size(), "forward"), seen.consul.leader,
               trim(fmt_seconds("", deadline.elapsed())));
  }
}

void print_explanation(const doctor::Reading& reading, const doctor::Explanation& explanation,
                       Deadline deadline, const Context& context) {
  if (context.json) {
    nlohmann::ordered_json document;
    document["says"] = reading.says;
    document["explained_by"] = reading.findings;
    document["findings"] = explanation.causes;
    document["in_the_way"] = explanation.in_the_way;
    document["groups"] = nlohmann::ordered_json::array();
    for (const auto& summary : explanation.unknown) document["groups"].push_back(summary_json(summary));
    document["seconds"] = static_cast<double>(deadline.elapsed().count()) / 1000;
    fmt::print("{}\n", document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print("the message says: {}\n", reading.says);
  const bool colour = context.colour_on(STDOUT_FILENO);
  for (const auto* findings : {&explanation.causes, &explanation.in_the_way}) {
    for (const auto& finding : *findings) print_finding(finding, colour);
  }
  for (const auto& summary : explanation.unknown) print_not_known(summary, colour);
  if (!explanation.causes.empty() || reading.findings.empty()) return;
  fmt::print("nothing that explains it {}; it comes from one of these:\n",
             explanation.complete() ? "is there now" : "was seen, but not everything could be looked at");
  for (const auto& id : reading.findings) fmt::print("  {:<24} {}\n", id, doctor::trouble(id).meaning);
}

void print_page(const std::string& id, const Context& context) {
  if (id == "all" && !context.json) {
    fmt::print("{}", doctor::all_pages());
    return;
  }
  if (const auto* found = doctor::find_trouble(id)) {
    if (context.json) {
      fmt::print("{}\n", trouble_json(*found).dump(2));
    } else {
      fmt::print("{}", doctor::page(*found));
    }
    return;
  }
  std::vector<std::string> ids;
  for (const auto& group : doctor::groups()) {
    for (const auto& trouble : group.troubles) ids.emplace_back(trouble.id);
  }
  const auto near = nearest(id, ids);
  throw Error(Kind::not_found, "the doctor has no finding \"" + id + "\"", {},
              near.empty() ? "labctl doctor --list shows them all" : "did you mean " + near + "?");
}

void list_troubles(const Context& context) {
  auto document = nlohmann::ordered_json::array();
  for (const auto& group : doctor::groups()) {
    if (!context.json) fmt::print("{}: {}\n", group.name, group.about);
    for (const auto& trouble : group.troubles) {
      if (context.json) {
        document.push_back(trouble_json(trouble));
      } else {
        fmt::print("  {:<24} {}\n", trouble.id, trouble.meaning);
      }
    }
  }
  if (context.json) fmt::print("{}\n", document.dump(2));
}

}  // namespace labctl::cli
