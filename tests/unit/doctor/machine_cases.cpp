#include "cluster_view.hpp"

namespace labctl::doctor::view {

std::span<const Case> machine_cases() {
  static const Case all[] = {
      {"everything in order", [](auto&) {}, {}, {}},
      {"no inventory",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::not_found, "no inventory: ...");
       },
       {"inventory-none"},
       {""}},
      {"two labs that are up",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::usage, "several labs are up");
       },
       {"inventory-ambiguous"},
       {""}},
      {"a broken inventory",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::invalid, "unknown key", "inv.yaml:3:1");
       },
       {"inventory-invalid"},
       {"inv.yaml:3:1"}},
      {"an inventory that is named but missing",
       [](auto& s) {
         s = {};
         s.inventory.problem = Error(Kind::not_found, "no such file", "x.yaml");
       },
       {"inventory-invalid"},
       {"x.yaml"}},
      {"a runtime folder for everybody",
       [](auto& s) { s.runtime.problem = "/run/t has mode 0777"; },
       {"runtime-folder"},
       {"/run/t"}},
      {"things of a killed lab",
       [](auto& s) {
         s.labs = {{"old", {"bridge lab-old"}}, {"gone", {}}};
       },
       {"lab-leftovers"},
       {"old"}},
      {"a probe that broke",
       [](auto& s) { s.broken_probes = {"nodes: no memory"}; },
       {"probe-failed"},
       {"nodes"}},
      {"a proxy that a killed test stopped, and another that is down by itself",
       [](auto& s) {
         for (const auto* name : {"core2", "core3"}) node(s, name).containers["cluster_caddy_1"] = "exited";
         s.faults.push_back({cluster::StoppedContainer{"core2", "cluster_caddy_1"}, {}});
       },
       {"fault-left", "container-not-running"},
       {"core2"}},
      {"a proxy and no no_proxy",
       [](auto& s) {
         s.machine.environment = {{"http_proxy", "http://me:secret@proxy:3128"}};
       },
       {"proxy-in-environment"},
       {"http_proxy"}},
      {"a proxy, and a no_proxy that lacks the inventory's hosts",
       [](auto& s) {
         s.machine.environment = {{"ALL_PROXY", "socks5://proxy:1080"},
                                  {"NO_PROXY", "localhost,127.0.0.0/8"}};
       },
       {"proxy-in-environment"},
       {"ALL_PROXY"}},
      {"a proxy that the tunnels do not meet",
       [](auto& s) {
         s.machine.environment = {{"http_proxy", "http://proxy:3128"},
                                  {"no_proxy", "localhost,127.0.0.1,.lab"}};
       },
       {},
       {}},
      {"an engine with TLS in the environment",
       [](auto& s) {
         s.machine.environment = {{"DOCKER_TLS_VERIFY", "1"}, {"CONSUL_HTTP_SSL", "false"}};
       },
       {"tls-in-environment"},
       {"DOCKER_TLS_VERIFY"}},
      {"a Consul with TLS in the environment",
       [](auto& s) {
         s.machine.environment = {{"CONSUL_HTTP_SSL", "true"}};
       },
       {"tls-in-environment"},
       {"CONSUL_HTTP_SSL"}},
      {"another engine in the environment",
       [](auto& s) {
         s.machine.environment = {{"DOCKER_HOST", "tcp://10.9.9.9:2375"}};
       },
       {"docker-host-elsewhere"},
       {"DOCKER_HOST"}},
      {"an engine and a Consul of this inventory in the environment",
       [](auto& s) {
         s.machine.environment = {{"DOCKER_HOST", "unix:///run/t/docker_core2.sock"},
                                  {"CONSUL_HTTP_ADDR", "http://localhost:8500/"}};
       },
       {},
       {}},
      {"another Consul in the environment",
       [](auto& s) {
         s.machine.environment = {{"CONSUL_HTTP_ADDR", "consul.example:8500"}};
       },
       {"consul-address-elsewhere"},
       {"CONSUL_HTTP_ADDR"}},
      {"a name in /etc/hosts that points to an old node",
       [](auto& s) {
         s.machine.hosts_file = {
             {"10.0.0.4", "service.lab"}, {"10.9.9.9", "service.lab"}, {"10.9.9.9", "mine"}};
       },
       {"hosts-entry-stale"},
       {"service.lab"}},
      {"a name of ours in /etc/hosts that the inventory no longer has",
       [](auto& s) {
         s.machine.hosts_file = {{"10.0.0.4", "old.lab", true}};
       },
       {"hosts-entry-stale"},
       {"old.lab"}},
      {"names in /etc/hosts of an inventory with host names for addresses",
       [](auto& s) {
         s.hosts["service.lab"] = "core4.example";
         s.machine.hosts_file = {{"10.9.9.9", "service.lab"}};
       },
       {},
       {}},
      {"a kernel without btrfs",
       [](auto& s) { s.lab_host.lacking = {"btrfs (/proc/filesystems)"}; },
       {"lab-kernel"},
       {"kernel"}},
      {"no inotify instance left",
       [](auto& s) {
         s.lab_host.inotify_used = 128;
         s.lab_host.inotify_most = 128;
       },
       {"lab-inotify"},
       {"fs.inotify.max_user_instances"}},
      {"inotify instances that nobody could count", [](auto& s) { s.lab_host.inotify_most = 128; }, {}, {}},
      {"a VPN that takes the way to a node of a lab",
       [](auto& s) {
         s.lab_host.routes = {{"t", "core3", "10.0.0.3", "lab-t", "tun0"}};
         lose(s, "core3", ssh::Cause::no_answer);
       },
       {"lab-route"},
       {"t"}},
  };
  return all;
}

}  // namespace labctl::doctor::view
