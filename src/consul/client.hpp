#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace labctl::consul {

struct KeyValue {
  std::string key;
  std::string value;
  std::uint64_t modify_index = 0;
  std::string session;  // that holds the key; "" if none does
};

// A read and the X-Consul-Index it was true at; give the index to the next blocking query.
template <typename T>
struct Indexed {
  T value;
  std::uint64_t index = 0;
};

// Passed to a read: return only when something newer than `index` exists, the deadline is near or ten seconds
// have passed; then with what was known before.
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

struct Check {
  std::string node;
  std::string id;
  std::string service;
  std::string status;  // passing, warning, critical
  std::string output;
};

// The largest user event Consul takes, after its own framing; `usable_payload` is what is left for the JSON
// text (contract 2.1: 404 bytes for "deploy", 402 for "destroy" and "migrate"; checked by fire_event). A node
// filter takes its part of it.
std::size_t usable_payload(std::string_view event_name, std::string_view node_filter = {});

// The filter that lets exactly these nodes take an event: a regular expression over node names.
std::string node_filter(const std::vector<std::string>& nodes);

// Blocking client of one agent's HTTP API (v1). Three outcomes are kept apart everywhere: found, not found
// (nullopt or empty), and an error: Error{unreachable} if the agent does not answer, Error{unavailable} if it
// answers 500 (no cluster leader), never "absent". Copyable handle is not provided: one client, one thread.
class Client {
public:
  explicit Client(http::Server server);

  const http::Server& server() const { return http_.server(); }

  std::optional<KeyValue> get(const std::string& key, Deadline deadline);
  Indexed<std::optional<KeyValue>> get(const std::string& key, Blocking since, Deadline deadline);
  std::vector<KeyValue> list(const std::string& prefix, Deadline deadline);
  Indexed<std::vector<KeyValue>> list(const std::string& prefix, Blocking since, Deadline deadline);
  void put(const std::string& key, const std::string& value, Deadline deadline);
  void remove(const std::string& key, Deadline deadline);
  void remove_prefix(const std::string& prefix, Deadline deadline);

  // A session that no node's health ends: only destroy_session(), or nobody renewing it for `ttl` (10 s to a
  // day; Consul may take up to twice as long). The keys it holds go with it. Returns its id.
  std::string create_session(const std::string& name, std::chrono::seconds ttl, Deadline deadline);
  bool renew_session(const std::string& id, Deadline deadline);  // false: it has ended
  void destroy_session(const std::string& id, Deadline deadline);
  // Writes the key and has the session hold it, unless another does: then false, and nothing is written.
  bool acquire(const std::string& key, const std::string& value, const std::string& session,
               Deadline deadline);

  // Returns the event's id. Error{invalid} before anything is sent if the payload is over the limit. Only
  // nodes whose name matches the filter (node_filter(), Consul's NodeFilter) take the event; "": all.
  std::string fire_event(const std::string& name, const std::string& payload, Deadline deadline,
                         const std::string& filter = {});

  std::string leader(Deadline deadline);  // "" if there is none
  std::vector<Member> members(Deadline deadline);
  std::vector<std::string> catalog_nodes(Deadline deadline);
  // Node -> the id that its agent gave itself when it was first started: no two are the same anywhere.
  std::map<std::string, std::string> node_ids(Deadline deadline);
  std::vector<std::string> catalog_services(Deadline deadline);  // names of all
  std::vector<ServiceEntry> catalog_service(const std::string& service, Deadline deadline);
  Indexed<std::vector<ServiceEntry>> catalog_service(const std::string& service, Blocking since,
                                                     Deadline deadline);
  std::vector<Check> health_checks(const std::string& service, Deadline deadline);
  Indexed<std::vector<Check>> health_checks(const std::string& service, Blocking since, Deadline deadline);

  // Those of a node, its own "serfHealth" among them; none for an unknown node.
  std::vector<Check> node_checks(const std::string& node, Deadline deadline);

  // On the agent asked. `body` is the JSON of /v1/agent/service/register.
  void register_service(const std::string& body, Deadline deadline);
  // An unknown service is fine: Consul 1.14 answers 404, older ones 200.
  void deregister_service(const std::string& id, Deadline deadline);
  // Services the asked agent itself holds, by id.
  std::vector<std::string> agent_services(Deadline deadline);

private:
  struct Call;
  http::Client http_;
};

}  // namespace labctl::consul
