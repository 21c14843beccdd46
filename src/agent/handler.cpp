#include "agent/handler.hpp"

#include "agent/deployment.hpp"
#include "agent/events_log.hpp"
#include "agent/migration.hpp"
#include "agent/node.hpp"
#include "base/error.hpp"
#include "cluster/payload.hpp"

#include <spdlog/spdlog.h>

#include <map>

namespace labctl::agent {
namespace {

using cluster::Event;

void deploy(Node& node, const Event& event) {
  const auto request = cluster::parse_deploy(*event.payload);
  Deployment(node, event.id, request.app).deploy(request);
}

void destroy(Node& node, const Event& event) {
  const auto request = cluster::parse_destroy(*event.payload);
  Deployment(node, event.id, request.app).destroy();
}

void migrate(Node& node, const Event& event) {
  Migration(node, event.id, cluster::parse_migrate(*event.payload)).run();
}

using Action = void (*)(Node&, const Event&);

const std::map<std::string, Action>& actions() {
  static const std::map<std::string, Action> table{
      {"deploy", deploy}, {"destroy", destroy}, {"migrate", migrate}};
  return table;
}

bool handle(const Settings& settings, const Event& event) {
  const auto action = actions().find(event.name);
  if (action == actions().end()) {
    spdlog::error("Unknown event name: {}", event.name);
    return true;
  }
  if (!event.payload || event.payload->empty()) {
    spdlog::error("event {} ({}) has no payload", event.id, event.name);
    return false;
  }
  const auto start = Deadline::in(std::chrono::seconds{0});
  try {
    Node node(settings);
    action->second(node, event);
    spdlog::info("event {} ({}) handled in {} ms", event.id, event.name, start.elapsed().count());
    return true;
  } catch (const Error& error) {
    spdlog::error("event {} ({}) failed: {}", event.id, event.name, error.line());
  } catch (const std::exception& error) {
    spdlog::error("event {} ({}) failed: {}", event.id, event.name, error.what());
  }
  return false;
}

}  // namespace

int handle_batch(const Settings& settings, std::string_view batch) {
  EventsLog log(settings.deploy / "events.log");
  int failed = 0;
  for (const auto& entry : cluster::parse_batch(batch)) {
    const auto& event = entry.event;
    if (!cluster::valid_event_id(event.id)) {
      spdlog::error("an event is left out: {}", entry.bad_payload);
      ++failed;
      continue;
    }
    if (!log.begin(event.id)) {
      spdlog::debug("event {} ({}) was begun before, skipped", event.id, event.name);
      continue;
    }
    if (!entry.bad_payload.empty()) {
      spdlog::error("event {} ({}) is left out: {}", event.id, event.name, entry.bad_payload);
      ++failed;
      continue;
    }
    if (!handle(settings, event)) ++failed;
  }
  return failed;
}

}  // namespace labctl::agent
