#pragma once

#include <string>
#include <string_view>

namespace labctl::contract {

// The names of an app, derived from the `repo` and `branch` of an event (contract 1). Pure text, no I/O.
struct AppName {
  std::string repo_url;  // U: trimmed, one trailing ".git" dropped; also the clone URL
  std::string branch;    // B: trimmed
  std::string app;       // N: "cluster_lab_test_service_master.89b06", the KV key after "app/"
  std::string project;   // P: N without anything outside [a-z0-9]; the Compose project

  bool operator==(const AppName&) const = default;
};

AppName app_name(std::string_view repo, std::string_view branch);
std::string project_of(std::string_view app);  // P of N

// The path component of a generic URL parse: no scheme, authority, ;params, query, fragment. Escapes are not
// decoded.
std::string url_path(std::string_view url);
// The authority component, "" if there is none.
std::string url_authority(std::string_view url);
// Host and port of an authority without user; an IPv6 address without its brackets. `port` is "" if there is
// none.
struct HostAndPort {
  std::string host, port;
};
HostAndPort host_and_port(std::string_view authority);

std::string container_name(std::string_view project, std::string_view service);  // P_service_1
std::string volume_name(std::string_view project, std::string_view key);         // P_key

// "N-EID", the folder of an event's clone below /deploy. `legacy_clone_name` is for records without
// deploy_id.
std::string clone_name(std::string_view app, std::string_view event_id);
std::string legacy_clone_name(std::string_view app, std::string_view deploy_date);

// KV keys.
std::string app_key(std::string_view app);
std::string maintenance_key(std::string_view app);
std::string migrate_prefix(std::string_view app);  // ends in '/'

// Lower-case hex MD5.
std::string md5_hex(std::string_view bytes);

}  // namespace labctl::contract
