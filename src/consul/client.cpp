#include "consul/client.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "consul/permission.hpp"
#include "http/wait_strategy.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <utility>

namespace labctl::consul {
namespace {

using nlohmann::json;

// If a client abandons a query, the agent keeps the connection until the query's wait has passed, and it
// allows a client only 200 connections (limits.http_max_conns_per_client). So use many short waits instead of
// a long one that may be abandoned.
constexpr std::chrono::milliseconds longest_wait{10'000};

// Consul adds up to a sixteenth of `wait` as jitter: leave room for it and for the reply.
std::chrono::milliseconds wait_within(Deadline deadline) {
  using std::chrono::milliseconds;
  const auto room = deadline.left() * 15 / 16 - milliseconds{50};
  return std::clamp(room, milliseconds{10}, longest_wait);
}

constexpr int forbidden = 403;

// A key that labctl itself reads, for lists that are not keys.
constexpr const char* any_key = "app";

// For the question whether a list is empty or hidden.
constexpr std::chrono::seconds acl_time{5};

// Only answers to requests with a token have this header: an anonymous client must not learn of it.
bool is_shortened(const http::Response& response) {
  const auto found = response.headers.find("x-consul-results-filtered-by-acls");
  return found != response.headers.end() && found->second == "true";
}

bool unknown_token(const std::string& message) { return message.find("ACL not found") != std::string::npos; }

std::string message_of(const http::Response& response) {
  auto text = last_line(response.body);
  if (text.empty()) text = "no message";
  return fmt::format("Consul answered {}: {}", response.status, text);
}

std::uint64_t index_of(const http::Response& response) {
  const auto found = response.headers.find("x-consul-index");
  std::uint64_t index = 0;
  if (found != response.headers.end()) {
    const auto& text = found->second;
    std::from_chars(text.data(), text.data() + text.size(), index);
  }
  return std::max<std::uint64_t>(index, 1);  // 0 would make the next query return at once
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

KeyValue key_value(const json& object) {
  auto value = decode_base64(text_of(object, "Value"));
  if (!value) throw Error(Kind::invalid, "the value is not base64");
  return {object.at("Key").get<std::string>(), std::move(*value),
          object.at("ModifyIndex").get<std::uint64_t>(), text_of(object, "Session")};
}

ServiceEntry service_entry(const json& object) {
  auto address = text_of(object, "ServiceAddress");
  if (address.empty()) address = text_of(object, "Address");
  return {text_of(object, "Node"), text_of(object, "ServiceID"), text_of(object, "ServiceName"), address};
}

HealthCheck check(const json& object) {
  return {text_of(object, "Node"), text_of(object, "CheckID"), text_of(object, "ServiceName"),
          text_of(object, "Status"), text_of(object, "Output")};
}

}  // namespace

// Sends one request. Returns a reply with status 2xx or, if allowed, 404; any other status is an error.
struct Client::Call {
  Client& client;

  std::string where() const { return client.server().display(); }

  http::Response send(http::Request request, Deadline deadline, bool may_be_missing = false) {
    if (!client.token_.empty()) request.headers["X-Consul-Token"] = client.token_.reveal();
    auto response = client.http_.send(request, deadline);
    if (is_shortened(response)) {
      throw refusal("Consul left out of its answer what the token of CONSUL_HTTP_TOKEN may not read",
                    request);
    }
    if (response.ok() || (may_be_missing && response.status == 404)) return response;
    if (response.status == forbidden) throw refusal(message_of(response), request);
    const Kind kind = response.status >= 500   ? Kind::unavailable
                      : response.status == 404 ? Kind::not_found
                                               : Kind::invalid;
    throw StatusError(kind, message_of(response), where(), response.status, request.target);
  }

  StatusError refusal(const std::string& what, const http::Request& request) const {
    const auto permission = needed_permission(request);
    const auto hint = unknown_token(what) ? std::string("set CONSUL_HTTP_TOKEN to a token that Consul knows")
                      : permission.empty()
                          ? std::string("set CONSUL_HTTP_TOKEN to a token that may do this")
                          : fmt::format("needs {}: set CONSUL_HTTP_TOKEN to a token that has it", permission);
    return {Kind::refused, what, where(), forbidden, request.target, hint};
  }

  // Throws if Consul's ACLs hide what an empty list should show. `key`: one that the list would show.
  void check_empty(const std::string& key) {
    if (!client.token_.empty() || client.readable_.contains(key)) return;
    get("/v1/kv/" + http::escape(key, true), Deadline::in(acl_time), true);
    client.readable_.insert(key);
  }

  http::Response get(const std::string& target, Deadline deadline, bool may_be_missing = false) {
    return send({"GET", target, {}, {}}, deadline, may_be_missing);
  }

  // A blocking query takes up to `wait` plus jitter. A Consul without a leader takes another 7 s to
  // report that (rpc_hold_timeout).
  http::Response get(const std::string& target, Blocking since, Deadline deadline,
                     bool may_be_missing = false) {
    since.index = http::wait_strategy().ask_from(since.index);
    const auto wait = wait_within(deadline);
    const char* glue = target.find('?') == std::string::npos ? "?" : "&";
    const auto full = fmt::format("{}{}index={}&wait={}ms", target, glue, since.index, wait.count());
    return get(full, Deadline::in(wait * 17 / 16 + std::chrono::seconds{8}), may_be_missing);
  }

  json parse(const http::Response& response) {
    auto value = json::parse(response.body, nullptr, false);
    if (value.is_discarded()) throw Error(Kind::invalid, "the reply is not JSON", where());
    return value;
  }

  // Runs a conversion. Error{invalid} if the reply has an unexpected structure.
  template <typename Convert>
  auto shaped(Convert convert) {
    try {
      return convert();
    } catch (const json::exception& e) {
      throw Error(Kind::invalid, std::string("the reply has an unexpected structure: ") + e.what(), where());
    }
  }

  template <typename T>
  std::vector<T> list_of(const http::Response& response, T (*convert)(const json&),
                         const std::string& key = any_key) {
    std::vector<T> all;
    if (response.status != 404) {
      shaped([&] {
        for (const auto& item : parse(response)) all.push_back(convert(item));
        return 0;
      });
    }
    if (all.empty()) check_empty(key);
    return all;
  }

  // The names of an object's members.
  std::vector<std::string> names_of(const http::Response& response) {
    std::vector<std::string> names;
    const auto object = parse(response);
    for (const auto& [name, value] : object.items()) names.push_back(name);
    if (names.empty()) check_empty(any_key);
    return names;
  }

  // A field of each node in the catalog.
  std::map<std::string, std::string> by_node(const char* field, Deadline deadline) {
    const auto response = get("/v1/catalog/nodes", deadline);
    return shaped([&] {
      std::map<std::string, std::string> fields;
      for (const auto& node : parse(response)) fields[node.at("Node")] = text_of(node, field);
      if (fields.empty()) check_empty(any_key);
      return fields;
    });
  }

  std::optional<KeyValue> one(const http::Response& response) {
    if (response.status == 404) return std::nullopt;
    return shaped([&] { return key_value(parse(response).at(0)); });
  }
};

namespace {

std::string kv(const std::string& key) { return "/v1/kv/" + http::escape(key, true); }
std::string kv_list(const std::string& prefix) { return kv(prefix) + "?recurse=true"; }
std::string catalog(const std::string& service) { return "/v1/catalog/service/" + http::escape(service); }
std::string health(const std::string& service) { return "/v1/health/checks/" + http::escape(service); }

}  // namespace

std::size_t usable_payload(std::string_view event_name, std::string_view node_filter) {
  // Measured: 404 bytes for a name of six letters; the message contains the name twice.
  constexpr std::size_t room = 416;
  // The name and the length of the filter field, before its text.
  constexpr std::size_t filter_head = 6;
  const auto taken = 2 * event_name.size() + (node_filter.empty() ? 0 : filter_head + node_filter.size());
  return taken >= room ? 0 : room - taken;
}

std::string node_filter(const std::vector<std::string>& nodes) {
  std::vector<std::string> names;
  for (const auto& node : nodes)
    names.push_back(replace_all(node, ".", "\\."));  // all other characters are letters, digits and -
  return "^(" + join(names, "|") + ")$";
}

Client::Client(http::Server server, Secret token) : http_(std::move(server)), token_(std::move(token)) {}

std::optional<KeyValue> Client::get(const std::string& key, Deadline deadline) {
  Call call{*this};
  return call.one(call.get(kv(key), deadline, true));
}

Indexed<std::optional<KeyValue>> Client::get(const std::string& key, Blocking since, Deadline deadline) {
  Call call{*this};
  const auto response = call.get(kv(key), since, deadline, true);
  return {call.one(response), index_of(response)};
}

std::vector<KeyValue> Client::list(const std::string& prefix, Deadline deadline) {
  Call call{*this};
  return call.list_of(call.get(kv_list(prefix), deadline, true), key_value, prefix);
}

Indexed<std::vector<KeyValue>> Client::list(const std::string& prefix, Blocking since, Deadline deadline) {
  Call call{*this};
  const auto response = call.get(kv_list(prefix), since, deadline, true);
  return {call.list_of(response, key_value, prefix), index_of(response)};
}

void Client::put(const std::string& key, const std::string& value, Deadline deadline) {
  Call{*this}.send({"PUT", kv(key), {}, value}, deadline);
}

void Client::remove(const std::string& key, Deadline deadline) {
  Call{*this}.send({"DELETE", kv(key), {}, {}}, deadline);
}

void Client::remove_prefix(const std::string& prefix, Deadline deadline) {
  if (prefix.empty()) throw Error(Kind::invalid, "an empty prefix would remove every key");
  Call{*this}.send({"DELETE", kv_list(prefix), {}, {}}, deadline);
}

std::string Client::create_session(const std::string& name, std::chrono::seconds ttl, Deadline deadline) {
  // By default a session ends when its agent's node becomes unhealthy, and for the next 15 s nobody can lock
  // its keys. Checks and LockDelay disable both.
  const json wish{{"Name", name},
                  {"TTL", fmt::format("{}s", ttl.count())},
                  {"Behavior", "delete"},
                  {"LockDelay", "0s"},
                  {"Checks", json::array()}};
  Call call{*this};
  const auto response = call.send({"PUT", "/v1/session/create", {}, wish.dump()}, deadline);
  return call.shaped([&] { return call.parse(response).at("ID").get<std::string>(); });
}

bool Client::renew_session(const std::string& id, Deadline deadline) {
  return Call{*this}.send({"PUT", "/v1/session/renew/" + http::escape(id), {}, {}}, deadline, true).ok();
}

void Client::destroy_session(const std::string& id, Deadline deadline) {
  Call{*this}.send({"PUT", "/v1/session/destroy/" + http::escape(id), {}, {}}, deadline);
}

bool Client::acquire(const std::string& key, const std::string& value, const std::string& session,
                     Deadline deadline) {
  Call call{*this};
  const auto response =
      call.send({"PUT", kv(key) + "?acquire=" + http::escape(session), {}, value}, deadline);
  return call.shaped([&] { return call.parse(response).get<bool>(); });
}

std::string Client::fire_event(const std::string& name, const std::string& payload, Deadline deadline,
                               const std::string& filter) {
  const auto room = usable_payload(name, filter);
  if (payload.size() > room) {
    throw Error(
        Kind::invalid,
        fmt::format("the payload of event {} has {} bytes, Consul takes {}", name, payload.size(), room), {},
        "shorten the repository URL or the branch name");
  }
  Call call{*this};
  const auto target =
      "/v1/event/fire/" + http::escape(name) + (filter.empty() ? "" : "?node=" + http::escape(filter));
  const auto response = call.send({"PUT", target, {}, payload}, deadline);
  return call.shaped([&] { return call.parse(response).at("ID").get<std::string>(); });
}

std::vector<UserEvent> Client::events(Deadline deadline) {
  Call call{*this};
  return call.list_of<UserEvent>(call.get("/v1/event/list", deadline), [](const json& object) {
    return UserEvent{text_of(object, "Name"), text_of(object, "ID"),
                     decode_base64(text_of(object, "Payload")).value_or("")};
  });
}

std::string Client::leader(Deadline deadline) {
  Call call{*this};
  const auto response = call.get("/v1/status/leader", deadline);
  return call.shaped([&] { return call.parse(response).get<std::string>(); });
}

std::vector<Member> Client::members(Deadline deadline) {
  constexpr int alive = 1;  // serf's member status
  Call call{*this};
  return call.list_of<Member>(call.get("/v1/agent/members", deadline), [](const json& object) {
    return Member{text_of(object, "Name"), text_of(object, "Addr"), object.at("Status").get<int>() == alive};
  });
}

std::vector<std::string> Client::catalog_nodes(Deadline deadline) {
  Call call{*this};
  return call.list_of<std::string>(call.get("/v1/catalog/nodes", deadline),
                                   [](const json& object) { return text_of(object, "Node"); });
}

std::map<std::string, std::string> Client::node_ids(Deadline deadline) {
  return Call{*this}.by_node("ID", deadline);
}

std::map<std::string, std::string> Client::node_addresses(Deadline deadline) {
  return Call{*this}.by_node("Address", deadline);
}

std::vector<std::string> Client::catalog_services(Deadline deadline) {
  Call call{*this};
  return call.names_of(call.get("/v1/catalog/services", deadline));
}

std::vector<ServiceEntry> Client::catalog_service(const std::string& service, Deadline deadline) {
  Call call{*this};
  return call.list_of(call.get(catalog(service), deadline), service_entry);
}

Indexed<std::vector<ServiceEntry>> Client::catalog_service(const std::string& service, Blocking since,
                                                           Deadline deadline) {
  Call call{*this};
  const auto response = call.get(catalog(service), since, deadline);
  return {call.list_of(response, service_entry), index_of(response)};
}

std::vector<HealthCheck> Client::health_checks(const std::string& service, Deadline deadline) {
  Call call{*this};
  return call.list_of(call.get(health(service), deadline), check);
}

Indexed<std::vector<HealthCheck>> Client::health_checks(const std::string& service, Blocking since,
                                                        Deadline deadline) {
  Call call{*this};
  const auto response = call.get(health(service), since, deadline);
  return {call.list_of(response, check), index_of(response)};
}

std::vector<HealthCheck> Client::node_checks(const std::string& node, Deadline deadline) {
  Call call{*this};
  return call.list_of(call.get("/v1/health/node/" + http::escape(node), deadline), check);
}

void Client::register_service(const std::string& body, Deadline deadline) {
  Call{*this}.send({"PUT", "/v1/agent/service/register", {{"Content-Type", "application/json"}}, body},
                   deadline);
}

void Client::deregister_service(const std::string& id, Deadline deadline) {
  Call{*this}.send({"PUT", "/v1/agent/service/deregister/" + http::escape(id), {}, {}}, deadline, true);
}

std::vector<std::string> Client::agent_services(Deadline deadline) {
  Call call{*this};
  return call.names_of(call.get("/v1/agent/services", deadline));
}

}  // namespace labctl::consul
