#pragma once

#include "ssh/failure.hpp"
#include "tunnels/plan.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// The protocol between daemon and clients: one JSON document per line, only these structs. `labctl --json`
// prints the same Status.
namespace labctl::tunnels {

inline constexpr int protocol_version = 4;

// A reason why a node or forward does not work.
struct Problem {
  std::string where;  // node or forward
  std::string what;
  std::string hint;
  std::string cause;          // ssh::to_string(Cause)
  std::string key_file = {};  // whose passphrase would help (ssh::Failure)

  static Problem of(const ssh::Failure& failure);
  ssh::Failure failure() const;
  // "where: what (hint)"
  std::string line() const { return failure().line(); }

  bool operator==(const Problem&) const = default;
};

// One line per problem; equal problems of several nodes share a line: "core1, core2: key file is missing:
// ...".
std::vector<std::string> lines_of(const std::vector<Problem>& problems);

enum class NodeState { connecting, up, waiting, given_up };
enum class ForwardState { starting, up, down };

struct NodeStatus {
  std::string name;
  NodeState state = NodeState::connecting;
  double since = 0;  // seconds since 1970, like all times here
  std::optional<Problem> last_error;
  std::optional<double> next_attempt;

  bool operator==(const NodeStatus&) const = default;
};

struct ForwardStatus {
  std::string name;
  ForwardState state = ForwardState::starting;
  inventory::Forward::Direction direction = inventory::Forward::Direction::local;
  std::string local;
  std::string remote;  // "" if dynamic
  std::string node;    // that carries it now
  std::vector<std::string> via;
  double since = 0;
  std::optional<Problem> last_error;  // kept after it is up again
  // Why the last client's connection failed; none once one has succeeded. The forward itself may be up. Local
  // forwards: only a lack of descriptors.
  std::optional<Problem> connection_error;
  std::optional<double> rtt_ms;   // of the last channel opened for a check
  std::uint64_t connections = 0;  // open now
  std::uint64_t accepted = 0;     // since the daemon's start
  std::uint64_t bytes_in = 0;     // from the node
  std::uint64_t bytes_out = 0;    // to the node

  bool operator==(const ForwardStatus&) const = default;
};

struct Status {
  std::string inventory;
  std::string source;
  std::int64_t pid = 0;
  double since = 0;
  std::uint64_t revision = 0;  // increases with every change of a state
  std::vector<NodeStatus> nodes;
  std::vector<ForwardStatus> forwards;

  bool all_up() const;         // every forward
  bool all_logged_in() const;  // every node has a session
  bool operator==(const Status&) const = default;
};

struct Request {
  enum class Verb {
    status,   // replies when the revision is above `newer_than`, or after `wait_ms`
    ready,    // retries at once what is down, replies when every forward answers or has failed
    restart,  // as ready, but first closes the named forwards (all: also the sessions)
    down,     // replies when everything is closed; then the process exits
  };

  int version = protocol_version;
  Verb verb = Verb::status;
  std::vector<std::string> forwards;
  std::optional<Plan> plan;  // ready: what the caller needs
  std::uint64_t newer_than = 0;
  std::uint64_t wait_ms = 0;

  bool operator==(const Request&) const = default;
};

struct Reply {
  int version = protocol_version;
  bool ok = true;
  std::vector<Problem> problems;
  std::optional<Status> status;
  bool covers_plan = true;  // ready: the daemon carries what the caller needs

  bool operator==(const Reply&) const = default;
};

void to_json(nlohmann::json& json, const Problem& problem);
void from_json(const nlohmann::json& json, Problem& problem);
void to_json(nlohmann::json& json, const Status& status);
void from_json(const nlohmann::json& json, Status& status);

// One line, without its newline. Error{invalid} for a malformed line.
std::string to_line(const Request& request);
std::string to_line(const Reply& reply);
Request read_request(const std::string& line);
Reply read_reply(const std::string& line);

}  // namespace labctl::tunnels
