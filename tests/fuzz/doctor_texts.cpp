#include "base/error.hpp"
#include "doctor/message.hpp"
#include "doctor/probes.hpp"
#include "doctor/probes/caddy.hpp"
#include "doctor/probes/caddy_routes.hpp"
#include "doctor/probes/keys.hpp"
#include "doctor/probes/lab_host.hpp"
#include "doctor/probes/node_report.hpp"
#include "doctor/probes/proxies.hpp"
#include "doctor/probes/volume_disk.hpp"
#include "doctor/rules/environment.hpp"
#include "lab/host_check.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Every text that the doctor reads: a pasted message, files of this machine, what ssh and a node print.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::doctor;
  read_message(text);
  read_hosts(text, "lab");
  people_in(text, 1000);
  signature_algorithms_in(text);
  no_proxy_covers(text, "127.0.0.1");
  without_secret(text);
  interface_of_route(text);
  read_statfs(text, "/");
  labctl::lab::has_file_system(text, text, "btrfs");
  domains_without_rule(text, {"shop.lab"});
  process_ages({"PID", "ELAPSED"}, {{"1", std::string(text)}});
  caddy_command({"PID", "COMMAND"}, {{"1", std::string(text)}});
  keys_without_site(text, {"http://shop.lab"});
  const auto configuration = nlohmann::json::parse(text, nullptr, false);
  keys_without_route(configuration, {"http://shop.lab", std::string(text)});
  caddy_difference(configuration, nlohmann::json::object());
  try {
    read_node_report(text);
  } catch (const labctl::Error&) {
  }
  return 0;
}
