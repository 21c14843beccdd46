#include "lab/containers.hpp"

#include "base/error.hpp"

#include <fmt/core.h>
#include <spdlog/spdlog.h>

namespace labctl::lab {
namespace {

using nlohmann::json;

constexpr auto image = "lab/stack:latest";
constexpr auto network = "cluster_default";
// Time between two passes of the plugin through its schedule; its default is 60. A short time shortens the
// waits for a pass. But the current plugin forgets when it ran a job, so every pass runs all jobs, and too
// many passes would keep the machine busy.
constexpr int scheduler_seconds = 20;

// The labels that docker-compose would set in a project called "cluster".
json labels(const std::string& service) {
  return {{"com.docker.compose.project", "cluster"},
          {"com.docker.compose.service", service},
          {"com.docker.compose.container-number", "1"},
          {"com.docker.compose.oneoff", "False"}};
}

json container(const std::string& service, const std::vector<std::string>& binds,
               const std::string& network_mode) {
  json all = json::array({"/opt/labctl:/opt/labctl:ro"});
  for (const auto& bind : binds) all.push_back(bind);
  return {
      {"Image", image},
      {"Cmd", {fmt::format("/opt/labctl/stack/{}/entrypoint", service)}},
      {"Labels", labels(service)},
      {"HostConfig", {{"Binds", all}, {"NetworkMode", network_mode}, {"RestartPolicy", {{"Name", "no"}}}}}};
}

json consul(const LabInfo& lab, const LabInfo::NodeInfo& node) {
  std::string join;
  for (const auto& other : lab.nodes) join += (join.empty() ? "" : " ") + other.address;
  constexpr auto usual_path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  json body = container(
      "consul",
      {"/opt/labctl/stack/template:/consul/template:ro", "/run/docker.sock:/run/docker.sock",
       "/run/docker/plugins:/run/docker/plugins", "/deploy:/deploy", "/var/lib/cluster/consul:/consul/data",
       "/var/lib/cluster/haproxy_conf:/haproxy", "/var/lib/cluster/caddy_conf:/caddy"},
      "host");
  body["Env"] = {fmt::format("PATH=/opt/labctl/bin:/opt/buttervolume/bin:{}", usual_path),
                 "HOSTNAME=" + node.name,
                 "BTRFSDRIVER=" + plugin_name,
                 "CONSUL_BIND_INTERFACE=eth0",
                 fmt::format("CONSUL_BOOTSTRAP_EXPECT={}", std::min<std::size_t>(3, lab.nodes.size())),
                 "CONSUL_RETRY_JOIN=" + join,
                 "HAPROXY_LOG=stdout format raw",
                 "LABCTL_CADDY_LOCAL_CERTS=1",
                 fmt::format("GIT_MIRROR=git://{}/", lab.hub_address)};
  return body;
}

json haproxy() {
  json body = container(
      "haproxy",
      {"/var/lib/cluster/haproxy_conf:/usr/local/etc/haproxy", "/opt/labctl/stack/haproxy/www:/var/www:ro"},
      network);
  std::vector<std::uint16_t> ports{80, 443, 1443};
  ports.insert(ports.end(), ssh_ports.begin(), ssh_ports.end());
  // Only IPv4: nodes have no IPv6 addresses, and a port that is also published on IPv6 costs a second
  // docker-proxy.
  for (const auto port : ports) {
    const std::string key = fmt::format("{}/tcp", port);
    body["ExposedPorts"][key] = json::object();
    body["HostConfig"]["PortBindings"][key] =
        json::array({{{"HostIp", "0.0.0.0"}, {"HostPort", std::to_string(port)}}});
  }
  return body;
}

json caddy() {
  json body = container(
      "caddy", {"/var/lib/cluster/caddy_conf:/etc/caddy", "/opt/labctl/stack/caddy/srv:/srv:ro"}, network);
  // On a reload, Caddy 2 opens its ports a second time (SO_REUSEPORT) and closes the first listeners.
  // Connections that wait there to be accepted would be reset, and HAProxy would answer 502. With this
  // setting the kernel moves them to the new listeners (Linux 5.14, ip-sysctl).
  body["HostConfig"]["Sysctls"] = {{"net.ipv4.tcp_migrate_req", "1"}};
  body["NetworkingConfig"]["EndpointsConfig"][network]["Aliases"] = {"caddy"};
  return body;
}

}  // namespace

const std::string plugin_name = "anybox/buttervolume:latest";
const std::vector<std::uint16_t> ssh_ports = {2244, 2245, 2246, 2247, 2248, 2249};

std::vector<ContainerPlan> stack_of(const LabInfo& lab, const LabInfo::NodeInfo& node) {
  return {{"cluster_consul_1", consul(lab, node)},
          {"cluster_haproxy_1", haproxy()},
          {"cluster_caddy_1", caddy()}};
}

void start_stack(docker::Engine& engine, const LabInfo& lab, const LabInfo::NodeInfo& node,
                 Deadline deadline) {
  engine.call("POST", "/networks/create", deadline, {{"Name", network}, {"CheckDuplicate", true}});
  for (const auto& plan : stack_of(lab, node)) {
    engine.call("POST", "/containers/create?name=" + plan.name, deadline, plan.body);
    engine.call("POST", fmt::format("/containers/{}/start", plan.name), deadline);
  }
}

void enable_plugin(docker::Engine& engine, Deadline deadline) {
  engine.call("POST", fmt::format("/plugins/{}/set", plugin_name), deadline,
              nlohmann::json::array({fmt::format("BUTTERVOLUME_TIMER={}", scheduler_seconds)}));
  // dockerd looks for the plugin's socket four times in ten seconds and then stops the plugin, regardless of
  // the timeout (moby, plugin/manager_linux.go). Python's first start from a cold disk can take longer. The
  // next start finds the files in memory.
  while (true) {
    try {
      engine.call("POST", fmt::format("/plugins/{}/enable?timeout=30", plugin_name), deadline);
      return;
    } catch (const Error& error) {
      const bool too_slow =
          std::string_view(error.what()).find("connect: no such file or directory") != std::string_view::npos;
      if (!too_slow || deadline.passed()) throw;
      spdlog::debug("{}: started too slowly for dockerd, once more", plugin_name);
    }
  }
}

bool plugin_enabled(docker::Engine& engine, Deadline deadline) {
  return engine.get(fmt::format("/plugins/{}/json", plugin_name), deadline).value("Enabled", false);
}

}  // namespace labctl::lab
