#include "tunnels/control.hpp"

#include "base/optional_json.hpp"
#include "inventory/direction_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::tunnels {
namespace {

template <typename Message>
Message read_line(const std::string& line) {
  try {
    const auto json = nlohmann::json::parse(line);
    if (json.at("version").get<int>() != protocol_version) {
      throw Error(Kind::invalid, "the tunnel daemon is of another labctl version", {}, "labctl tunnels down");
    }
    return json.get<Message>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(Kind::invalid, std::string("not a message of the tunnel daemon: ") + error.what());
  }
}

}  // namespace

NLOHMANN_JSON_SERIALIZE_ENUM(NodeState, {{NodeState::connecting, "connecting"},
                                         {NodeState::up, "up"},
                                         {NodeState::waiting, "waiting"},
                                         {NodeState::given_up, "given-up"}})
NLOHMANN_JSON_SERIALIZE_ENUM(ForwardState, {{ForwardState::starting, "starting"},
                                            {ForwardState::up, "up"},
                                            {ForwardState::down, "down"}})
NLOHMANN_JSON_SERIALIZE_ENUM(Request::Verb, {{Request::Verb::status, "status"},
                                             {Request::Verb::ready, "ready"},
                                             {Request::Verb::restart, "restart"},
                                             {Request::Verb::down, "down"}})

Problem Problem::of(const ssh::Failure& failure) {
  return {failure.where(), failure.what(), failure.hint(), std::string(to_string(failure.cause())),
          failure.key_file().string()};
}

ssh::Failure Problem::failure() const {
  return ssh::Failure(ssh::cause_from(cause), what, where, hint, key_file);
}

std::vector<std::string> lines_of(const std::vector<Problem>& problems) {
  std::vector<Problem> merged;
  for (const Problem& problem : problems) {
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const Problem& other) {
      return other.what == problem.what && other.hint == problem.hint && other.cause == problem.cause;
    });
    if (same == merged.end()) {
      merged.push_back(problem);
    } else {
      same->where += ", " + problem.where;
    }
  }
  std::vector<std::string> lines;
  for (const Problem& problem : merged) lines.push_back(problem.line());
  return lines;
}

bool Status::all_up() const {
  return std::all_of(forwards.begin(), forwards.end(),
                     [](const ForwardStatus& forward) { return forward.state == ForwardState::up; });
}

bool Status::all_logged_in() const {
  return std::all_of(nodes.begin(), nodes.end(),
                     [](const NodeStatus& node) { return node.state == NodeState::up; });
}

void to_json(nlohmann::json& json, const Problem& problem) {
  json = {{"where", problem.where},
          {"what", problem.what},
          {"hint", problem.hint},
          {"cause", problem.cause},
          {"key_file", problem.key_file}};
}

void from_json(const nlohmann::json& json, Problem& problem) {
  json.at("where").get_to(problem.where);
  json.at("what").get_to(problem.what);
  json.at("hint").get_to(problem.hint);
  json.at("cause").get_to(problem.cause);
  problem.key_file = json.value("key_file", "");  // older bundles have none
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NodeStatus, name, state, since, last_error, next_attempt)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ForwardStatus, name, state, direction, local, remote, node, via, since,
                                   last_error, connection_error, rtt_ms, connections, accepted, bytes_in,
                                   bytes_out)

void to_json(nlohmann::json& json, const Status& status) {
  json = {{"inventory", status.inventory}, {"source", status.source},     {"pid", status.pid},
          {"since", status.since},         {"revision", status.revision}, {"nodes", status.nodes},
          {"forwards", status.forwards}};
}

void from_json(const nlohmann::json& json, Status& status) {
  json.at("inventory").get_to(status.inventory);
  json.at("source").get_to(status.source);
  json.at("pid").get_to(status.pid);
  json.at("since").get_to(status.since);
  json.at("revision").get_to(status.revision);
  json.at("nodes").get_to(status.nodes);
  json.at("forwards").get_to(status.forwards);
}

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Request, version, verb, forwards, plan, newer_than, wait_ms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Reply, version, ok, problems, status, covers_plan)

std::string to_line(const Request& request) { return nlohmann::json(request).dump(); }
std::string to_line(const Reply& reply) {
  // Messages may contain bytes from a peer that are not valid UTF-8.
  return nlohmann::json(reply).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}
Request read_request(const std::string& line) { return read_line<Request>(line); }
Reply read_reply(const std::string& line) { return read_line<Reply>(line); }

}  // namespace labctl::tunnels
