#include "doctor/recorded.hpp"

#include "base/masked.hpp"
#include "base/optional_json.hpp"
#include "inventory/direction_json.hpp"

#include <nlohmann/json.hpp>

namespace nlohmann {

template <>
struct adl_serializer<labctl::Error> {
  static void to_json(json& out, const labctl::Error& error) {
    out = {{"kind", std::string(labctl::to_string(error.kind()))},
           {"what", error.what()},
           {"where", error.where()},
           {"hint", error.hint()}};
  }
  static labctl::Error from_json(const json& in) {
    return {kind_from(in.at("kind").get<std::string>()), in.at("what"), in.at("where"), in.at("hint")};
  }
  static labctl::Kind kind_from(const std::string& word) {
    for (int i = 0; i <= static_cast<int>(labctl::Kind::system); ++i) {
      if (const auto kind = static_cast<labctl::Kind>(i); labctl::to_string(kind) == word) return kind;
    }
    throw labctl::Error(labctl::Kind::invalid, "it has an error of the unknown kind \"" + word + "\"");
  }
};

template <>
struct adl_serializer<labctl::ssh::Failure> {
  static void to_json(json& out, const labctl::ssh::Failure& failure) {
    out = labctl::tunnels::Problem::of(failure);
  }
  static labctl::ssh::Failure from_json(const json& in) {
    return in.get<labctl::tunnels::Problem>().failure();
  }
};

template <>
struct adl_serializer<labctl::Endpoint> {
  static void to_json(json& out, const labctl::Endpoint& end) {
    out = end == labctl::Endpoint{} ? std::string() : labctl::to_string(end);
  }
  static void from_json(const json& in, labctl::Endpoint& end) {
    const auto text = in.get<std::string>();
    end = text.empty() ? labctl::Endpoint{} : labctl::parse_endpoint(text);
  }
};

template <>
struct adl_serializer<labctl::cluster::LeftFault> {
  static void to_json(json& out, const labctl::cluster::LeftFault& left) {
    out = {{"fault", labctl::cluster::to_json(left.fault)}, {"run", labctl::cluster::to_json_text(left.run)}};
  }
  static void from_json(const json& in, labctl::cluster::LeftFault& left) {
    left.fault = labctl::cluster::parse_fault(in.at("fault"), "a fault");
    left.run = labctl::cluster::parse_run_owner(in.at("run").get<std::string>(), "a fault");
  }
};

}  // namespace nlohmann

namespace labctl::inventory {

NLOHMANN_JSON_SERIALIZE_ENUM(Forward::Kind, {{Forward::Kind::consul, "consul"},
                                             {Forward::Kind::docker, "docker"},
                                             {Forward::Kind::other, "other"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Forward, name, via, local, remote, kind, direction)

}  // namespace labctl::inventory

namespace labctl::doctor {

NLOHMANN_JSON_SERIALIZE_ENUM(DaemonSeen::State, {{DaemonSeen::State::absent, "absent"},
                                                 {DaemonSeen::State::silent, "silent"},
                                                 {DaemonSeen::State::running, "running"}})
NLOHMANN_JSON_SERIALIZE_ENUM(LocalEndSeen::State, {{LocalEndSeen::State::missing, "missing"},
                                                   {LocalEndSeen::State::foreign_file, "foreign-file"},
                                                   {LocalEndSeen::State::nobody_listens, "nobody-listens"},
                                                   {LocalEndSeen::State::not_permitted, "not-permitted"},
                                                   {LocalEndSeen::State::accepts, "accepts"}})
NLOHMANN_JSON_SERIALIZE_ENUM(AgentSeen::State, {{AgentSeen::State::none, "none"},
                                                {AgentSeen::State::absent, "absent"},
                                                {AgentSeen::State::silent, "silent"},
                                                {AgentSeen::State::answers, "answers"}})
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InventorySeen, problem)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(HostsEntry, address, name, ours)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(MachineSeen, environment, hosts_file, other_users, ssh_config_notes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(RuntimeSeen, path, problem)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DaemonSeen, state, problem, status)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LocalEndSeen, state, no_answer)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ForwardSeen, forward, end)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AgentSeen, state, socket, keys)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(KeysSeen, only_rsa, signature_algorithms)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(DiskSeen, path, size, free, inodes, inodes_free)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ClockSeen, least, most)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CaddySeen, keys_not_served, differs, file_age)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ProxiesSeen, domains_not_rendered, keys_not_rendered, haproxy_file_age,
                                   haproxy_process_age, caddy)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NodeFacts, not_known, host_name, volume_driver, foreign_volumes, watches,
                                   clock, disks, proxies)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NodeSeen, name, address, login, dropped, agent, keys, docker, consul,
                                   containers, containers_known, facts)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(ConsulSeen, leader, failed_members)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CatalogSeen::Event, name, id)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CatalogSeen, known, refusal, problem, nodes, maintenance, marks,
                                   deploy_ids, latest_events)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabSeen, name, leftovers)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabHostSeen::Route, lab, node, address, interface, other)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(LabHostSeen, lacking, inotify_used, inotify_most, routes)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Observations, inventory, machine, runtime, daemon, forwards, hosts, nodes,
                                   consul, catalog, faults, labs, lab_host, broken_probes)

namespace {

void mask_strings(nlohmann::json& value) {
  if (value.is_string()) {
    value = masked(value.get_ref<const std::string&>());
  } else if (value.is_structured()) {
    for (auto& part : value) mask_strings(part);
  }
}

// A variable's name tells whether its value is a secret.
void mask_environment(nlohmann::json& environment) {
  for (auto& [name, value] : environment.items()) {
    const auto prefix = name + "=";
    value = masked(prefix + value.get<std::string>()).substr(prefix.size());
  }
}

}  // namespace

std::string to_json_text(const Observations& seen) {
  nlohmann::json json = seen;
  mask_environment(json["machine"]["environment"]);
  mask_strings(json);
  json["format"] = record_format;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

Observations parse_observations(std::string_view text, const std::string& where) {
  try {
    const auto json = nlohmann::json::parse(text);
    if (json.at("format").get<int>() != record_format)
      throw Error(Kind::invalid, "it was written by another version of labctl", where);
    return json.get<Observations>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(Kind::invalid, std::string("these are no observations of the doctor: ") + error.what(),
                where);
  } catch (const Error& error) {
    throw Error(Kind::invalid, error.what(), where);
  }
}

}  // namespace labctl::doctor
