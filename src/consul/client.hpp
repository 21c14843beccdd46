#pragma once

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace labctl::consul {

struct KeyValue {
  std::string key;
  std::string value;
  std::uint64_t modify_index = 0;
  std::string session;  // that holds the key; "" if none does
};

// A value and its X-Consul-Index; pass the index to the next blocking query.
template <typename T>
struct Indexed {
  T value;
  std::uint64_t index = 0;
};

// Parameter of a read: it returns when something newer than `index` exists, or with the unchanged value when
// the deadline is near or ten seconds have passed.
struct Blocking {
  std::uint64_t index = 0;
};

struct Member {
  std::string name;
  std::string address;
  bool alive = false;
};

struct ServiceEntry {  // an instance in the catalog
  std::string node;
  std::string id;
  std::string name;
  std::string address;
};

struct UserEvent {
  std::string name;
  std::string id;
  std::string payload;
};

struct HealthCheck {
  std::string node;
  std::string id;
  std::string service;
  std::string status;  // passing, warning, critical
  std::string output;
};

// The maximum size of the JSON text of a user event: Consul's limit minus its framing (contract 2.1: 404
// bytes for "deploy", 402 for "destroy" and "migrate"; checked by fire_event). A node filter reduces it.
std::size_t usable_payload(std::string_view event_name, std::string_view node_filter = {});

// A filter that matches exactly these nodes: a regular expression over node names.
std::string node_filter(const std::vector<std::string>& nodes);

// An answer with a status that is an error. The status tells causes apart that have one kind. 403: Consul's
// ACLs do not allow the request; the hint names the permission that is missing.
class StatusError : public Error {
public:
  StatusError(Kind kind, const std::string& what, std::string where, int status, std::string target,
              std::string hint = {})
      : Error(kind, what, std::move(where), std::move(hint)), status_(status), target_(std::move(target)) {}
  int status() const { return status_; }
  const std::string& target() const { return target_; }  // of the request: path and query

private:
  int status_;
  std::string target_;
};

// Blocking client of one agent's HTTP API (v1). Three results are always distinguished: found, not found
// (nullopt or empty), and an error: Error{unreachable} if the agent does not answer, StatusError if it
// answers with an error (unavailable for 500: no cluster leader); an error is never "not found". Not
// copyable: one client, one thread.
//
// ACLs: every request has the token, if there is one (header X-Consul-Token). Consul does not refuse a list
// that the token may not read, but leaves entries out. A shortened list is a StatusError too: with a token
// Consul marks it; without one, an empty list is only believed if a key of it may be read.
class Client {
public:
  explicit Client(http::Server server, Secret token = {});

  const http::Server& server() const { return http_.server(); }

  std::optional<KeyValue> get(const std::string& key, Deadline deadline);
  Indexed<std::optional<KeyValue>> get(const std::string& key, Blocking since, Deadline deadline);
  std::vector<KeyValue> list(const std::string& prefix, Deadline deadline);
  Indexed<std::vector<KeyValue>> list(const std::string& prefix, Blocking since, Deadline deadline);
  void put(const std::string& key, const std::string& value, Deadline deadline);
  void remove(const std::string& key, Deadline deadline);
  void remove_prefix(const std::string& prefix, Deadline deadline);

  // A session that is independent of node health. It ends by destroy_session(), or if it is not renewed
  // within `ttl` (10 s to a day; Consul may take up to twice as long). The keys that it holds are deleted
  // with it. Returns its id.
  std::string create_session(const std::string& name, std::chrono::seconds ttl, Deadline deadline);
  bool renew_session(const std::string& id, Deadline deadline);  // false: it has ended
  void destroy_session(const std::string& id, Deadline deadline);
  // Writes the key and locks it with the session. False, and nothing is written, if another session holds it.
  bool acquire(const std::string& key, const std::string& value, const std::string& session,
               Deadline deadline);

  // Returns the event's id. Error{invalid} before anything is sent if the payload is over the limit. Only
  // nodes whose name matches the filter (node_filter(), Consul's NodeFilter) receive the event; "": all.
  std::string fire_event(const std::string& name, const std::string& payload, Deadline deadline,
                         const std::string& filter = {});

  // Those that the agent remembers (256 at most), in the order in which it saw them.
  std::vector<UserEvent> events(Deadline deadline);

  std::string leader(Deadline deadline);  // "" if there is none
  std::vector<Member> members(Deadline deadline);
  std::vector<std::string> catalog_nodes(Deadline deadline);
  // Node -> the id that its agent generated at its first start; globally unique.
  std::map<std::string, std::string> node_ids(Deadline deadline);
  std::map<std::string, std::string> node_addresses(Deadline deadline);
  std::vector<std::string> catalog_services(Deadline deadline);  // names of all
  std::vector<ServiceEntry> catalog_service(const std::string& service, Deadline deadline);
  Indexed<std::vector<ServiceEntry>> catalog_service(const std::string& service, Blocking since,
                                                     Deadline deadline);
  std::vector<HealthCheck> health_checks(const std::string& service, Deadline deadline);
  Indexed<std::vector<HealthCheck>> health_checks(const std::string& service, Blocking since,
                                                  Deadline deadline);

  // All checks of a node, including "serfHealth"; empty for an unknown node.
  std::vector<HealthCheck> node_checks(const std::string& node, Deadline deadline);

  // On the agent of this client. `body` is the JSON of /v1/agent/service/register.
  void register_service(const std::string& body, Deadline deadline);
  // An unknown service is not an error: Consul 1.14 answers 404, older versions 200.
  void deregister_service(const std::string& id, Deadline deadline);
  // Ids of the services registered at this client's agent.
  std::vector<std::string> agent_services(Deadline deadline);

private:
  struct Call;
  http::Client http_;
  Secret token_;
  std::set<std::string> readable_;  // keys that may be read without a token
};

}  // namespace labctl::consul
