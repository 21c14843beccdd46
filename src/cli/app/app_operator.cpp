#include "cli/app/app_operator.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/app/app_progress.hpp"
#include "cli/app/app_view.hpp"
#include "cli/consul_token.hpp"
#include "cli/question.hpp"
#include "cluster/operations.hpp"
#include "operate/apps.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <utility>

namespace labctl::cli {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::milliseconds;

Json outcome_json(const EventOutcome& outcome) {
  Json json{{"verb", outcome.verb},
            {"app", outcome.app},
            {"event", outcome.event_id},
            {"result", outcome.result},
            {"seconds", static_cast<double>(outcome.took.count()) / 1000}};
  if (!outcome.source.empty()) json["source"] = outcome.source;
  if (outcome.placement) add_placement(json, *outcome.placement);
  if (!outcome.error.empty()) json["error"] = outcome.error;
  return json;
}

}  // namespace

Operator::Operator(const Context& context, VerbOptions options)
    : context_(context),
      options_(options),
      inventory_(with_consul_token(context.load_inventory())),
      tunnels_(inventory_, TunnelsForCommand::Need::some),
      cluster_(inventory_) {
  if (!tunnels_.were_up()) say(context_, "tunnels  opened for this command");
}

const std::vector<operate::AppEntry>& Operator::entries() {
  if (!entries_) entries_ = operate::app_entries(cluster_);
  return *entries_;
}

const std::vector<std::string>& Operator::catalog() {
  if (!catalog_) catalog_ = cluster_.consul().catalog_nodes(cluster_.within(cluster::call_budget));
  return *catalog_;
}

void Operator::confirm(const std::string& question) const {
  if (options_.yes) {
    say(context_, question);
  } else if (!confirmed(question)) {
    throw Error(Kind::usage, "the answer was not yes; nothing was sent");
  }
}

EventOutcome Operator::carry_out(const Operation& event, const std::function<void(milliseconds)>& wait) {
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::floor<milliseconds>(std::chrono::steady_clock::now() - start);
  };
  EventOutcome outcome{event.name, event.apps.front().app, {}, {}, "done", {}, {}, {}};
  if (options_.no_wait) {
    outcome.event_id =
        cluster_.consul().fire_event(event.name, event.payload, cluster_.within(cluster::call_budget));
    outcome.result = "fired";
    outcome.took = elapsed();
    say(context_, fmt::format("fired {} {}; not waited for", event.name, outcome.event_id));
    return outcome;
  }
  AppProgress progress(event.name, event.apps, context_.verbosity == Verbosity::verbose);
  const milliseconds budget = std::chrono::seconds{options_.timeout};
  try {
    const cluster::Listening listening(cluster_, [&](const cluster::Happening& happening) {
      if (const auto line = progress.line(happening)) {
        say(context_, fmt::format("{:7.1f} s  {}", static_cast<double>(elapsed().count()) / 1000, *line));
      }
    });
    const cluster::TimeLimit limit(cluster_, budget);
    wait(budget);
    say(context_, fmt_seconds(fmt::format("{} {} in", outcome.app, event.done), elapsed()));
  } catch (const Error& error) {
    if (progress.event_id().empty()) throw;
    const bool of_the_cluster = error.kind() == Kind::timeout || error.kind() == Kind::unavailable;
    if (!of_the_cluster) {
      say(context_, fmt::format("event {} is fired: the cluster continues with it", progress.event_id()));
      throw;
    }
    outcome.result = "failed";
    outcome.error = error.line();
    fmt::print(stderr, "labctl: {} of {} failed: {}\n", event.name, outcome.app, outcome.error);
    if (error.kind() == Kind::timeout)
      say(context_, "the cluster may still work on the event; labctl app inspect shows its state");
  }
  outcome.event_id = progress.event_id();
  outcome.took = elapsed();
  return outcome;
}

EventOutcome Operator::deploy(const contract::DeployRequest& request) {
  auto outcome = carry_out(
      {"deploy", to_payload(request), {request.app}, "is deployed on " + placement_text(request.at)},
      [&](milliseconds budget) { cluster::deploy(cluster_, request, budget); });
  outcome.placement = request.at;
  return outcome;
}

EventOutcome Operator::destroy(const operate::KnownApp& app) {
  return carry_out({"destroy", to_payload(contract::DestroyRequest{app.name}), {app.name}, "is destroyed"},
                   [&](milliseconds budget) { cluster::destroy(cluster_, app.name, budget); });
}

EventOutcome Operator::migrate(const contract::MigrateRequest& request) {
  auto outcome = carry_out({"migrate",
                            to_payload(request),
                            {request.target, request.source},
                            "has the data of " + request.source.app},
                           [&](milliseconds budget) { cluster::migrate(cluster_, request, budget); });
  outcome.source = request.source.app;
  return outcome;
}

ExitCode Operator::finish(const std::vector<EventOutcome>& outcomes, bool as_list) {
  if (context_.json) {
    Json list = Json::array();
    for (const auto& one : outcomes) list.push_back(outcome_json(one));
    fmt::print("{}\n", (as_list ? list : list.at(0)).dump(-1, ' ', false, Json::error_handler_t::replace));
    std::fflush(stdout);
  }
  tunnels_.close();
  for (const auto& one : outcomes) {
    if (one.failed()) return ExitCode::wrong;
  }
  return ExitCode::ok;
}

}  // namespace labctl::cli
