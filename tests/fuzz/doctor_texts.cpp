#include "base/error.hpp"
#include "doctor/message.hpp"
#include "doctor/probes.hpp"
#include "doctor/probes/keys.hpp"
#include "doctor/probes/lab_host.hpp"
#include "doctor/probes/node_facts.hpp"
#include "doctor/probes/volume_disk.hpp"
#include "doctor/rules/environment.hpp"
#include "lab/host_check.hpp"

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
  try {
    NodeFacts facts;
    read_node_report(text, facts);
  } catch (const labctl::Error&) {
  }
  return 0;
}
