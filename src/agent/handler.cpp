#include "agent/handler.hpp"

#include "agent/local_node.hpp"
#include "base/current_error.hpp"
#include "base/error.hpp"

#include <spdlog/spdlog.h>

#include <map>

namespace labctl::agent {
namespace {

using contract::UserEvent;

std::filesystem::path queue_folder(const Settings& settings) { return settings.deploy / ".queue"; }

void deploy(LocalNode& node, const UserEvent& event, const Tables& tables) {
  const auto request = contract::parse_deploy(*event.payload);
  Deployment(node, event.id, request.app, tables.deployment).deploy(request);
}

void destroy(LocalNode& node, const UserEvent& event, const Tables& tables) {
  const auto request = contract::parse_destroy(*event.payload);
  Deployment(node, event.id, request.app, tables.deployment).destroy();
}

void migrate(LocalNode& node, const UserEvent& event, const Tables& tables) {
  Migration(node, event.id, contract::parse_migrate(*event.payload), tables.migration).run();
}

struct Action {
  std::vector<std::string> (*apps)(const std::string& payload);  // throws Error{invalid}
  void (*run)(LocalNode&, const UserEvent&, const Tables&);
};

const std::map<std::string, Action>& actions() {
  using Apps = std::vector<std::string>;
  static const std::map<std::string, Action> table{
      {"deploy",
       {[](const std::string& text) { return Apps{contract::parse_deploy(text).app.app}; }, deploy}},
      {"destroy",
       {[](const std::string& text) { return Apps{contract::parse_destroy(text).app.app}; }, destroy}},
      {"migrate",
       {[](const std::string& text) {
          const auto request = contract::parse_migrate(text);
          Apps apps{request.source.app};
          if (request.target.app != request.source.app) apps.push_back(request.target.app);
          return apps;
        },
        migrate}},
  };
  return table;
}

void tell_unknown(const UserEvent& event) { spdlog::error("Unknown event name: {}", event.name); }

// The app that an unknown event names in its payload, if any.
std::vector<std::string> named_app(const UserEvent& event) {
  try {
    if (event.payload) return {contract::parse_destroy(*event.payload).app.app};
  } catch (const Error&) {
    // The event is unknown: its payload may be anything.
  }
  return {};
}

// The apps whose queues the event belongs to. If there is none, take() logs the event at once. Error{invalid}
// if it cannot be handled.
std::vector<std::string> apps_of(const UserEvent& event) {
  const auto action = actions().find(event.name);
  if (action == actions().end()) return named_app(event);
  if (!event.payload || event.payload->empty()) throw Error(Kind::invalid, "it has no payload");
  return action->second.apps(*event.payload);
}

// False if the event is rejected.
bool take(const EventsLog& log, const EventQueue& queue, const contract::BatchEntry& entry) {
  const UserEvent& event = entry.event;
  if (!contract::valid_event_id(event.id)) {
    spdlog::error("an event is left out: {}", entry.bad_payload);
    return false;
  }
  std::vector<std::string> apps;
  std::string refused = entry.bad_payload;
  try {
    if (refused.empty()) apps = apps_of(event);
  } catch (const Error& error) {
    refused = error.line();
  }
  // The event is queued before its id is written: otherwise a crash in between would lose the event.
  const bool fresh = log.begin(event.id, [&] {
    if (!apps.empty()) queue.add(apps, event);
  });
  if (!fresh) {
    spdlog::debug("event {} ({}) was already accepted; skipped", event.id, event.name);
    return true;
  }
  if (!refused.empty()) {
    spdlog::error("event {} ({}) is left out: {}", event.id, event.name, refused);
    return false;
  }
  if (apps.empty()) tell_unknown(event);
  return true;
}

}  // namespace

int take_batch(const Settings& settings, std::string_view batch, const Handle& handle, const Handle& undo) {
  const EventsLog log(settings.deploy / "events.log");
  const EventQueue queue(queue_folder(settings));
  int failed = 0;
  for (const auto& entry : contract::parse_batch(batch)) {
    try {
      if (!take(log, queue, entry)) ++failed;
    } catch (...) {
      spdlog::error("event {} ({}) cannot be taken: {}", entry.event.id, entry.event.name,
                    current_error().line());
      ++failed;
    }
  }
  for (const auto& app : queue.apps()) start_worker({queue, log, handle, undo}, app);
  return failed;
}

void handle_event(const Settings& settings, const QueuedEvent& task, const Tables& tables) {
  const UserEvent& event = task.event;
  const auto action = actions().find(event.name);
  if (action == actions().end()) {
    tell_unknown(event);
    return;
  }
  const auto start = Deadline::in(std::chrono::seconds{0});
  try {
    LocalNode node(settings);
    node.slot.take();
    action->second.run(node, event, tables);
    spdlog::info("event {} ({}) handled in {} ms", event.id, event.name, start.elapsed().count());
  } catch (...) {
    spdlog::error("event {} ({}) of {} failed: {}", event.id, event.name, task.apps.front(),
                  current_error().line());
  }
}

void undo_event(const Settings& settings, const QueuedEvent& task) {
  if (task.event.name != "deploy") return;
  try {
    LocalNode node(settings);
    node.slot.take();
    const auto request = contract::parse_deploy(*task.event.payload);
    Deployment(node, task.event.id, request.app, StepTable()).undo(request);
  } catch (...) {
    spdlog::error("event {} of {} cannot be undone: {}", task.event.id, task.apps.front(),
                  current_error().line());
  }
}

}  // namespace labctl::agent
