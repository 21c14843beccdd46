#include "lab/consensus.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "http/client.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace labctl::lab {
namespace {

using nlohmann::json;

// Waits with blocking queries until the catalog has `count` nodes. A server without a leader delays its
// answer for some seconds and then answers 500.
void wait_for_catalog(const LabInfo::NodeInfo& node, std::size_t count, RunningNode& hub, Deadline deadline) {
  http::Client client(Endpoint{node.address, 8500, {}});
  std::string index = "0", seen = "no answer";
  while (!deadline.passed()) {
    http::Response response;
    try {
      response =
          client.send({.target = "/v1/catalog/nodes?wait=10s&index=" + index, .headers = {}, .body = {}},
                      deadline.at_most(std::chrono::seconds(15)));
    } catch (const Error& error) {
      if (error.kind() != Kind::unreachable && error.kind() != Kind::timeout) throw;
      seen = error.what();
      hub.watch_for(std::chrono::milliseconds(50));
      continue;
    }
    if (response.status != 200) {
      seen = last_line(response.body);
      hub.watch_for(std::chrono::milliseconds(50));
      continue;
    }
    const json nodes = json::parse(response.body, nullptr, false);
    if (nodes.is_array() && nodes.size() >= count) return;
    seen = fmt::format("{} of {} nodes in the catalog", nodes.size(), count);
    index = response.headers["x-consul-index"];
  }
  throw Error(Kind::timeout, fmt_seconds("Consul was not ready after", deadline.budget()) + ": " + seen,
              node.name);
}

}  // namespace

std::string wait_for_consul(const LabInfo& lab, RunningNode& hub, Deadline deadline) {
  for (const auto& node : lab.nodes) {
    hub.wait_for_port(node.address, 8500, deadline);
    wait_for_catalog(node, lab.nodes.size(), hub, deadline);
  }
  http::Client client(Endpoint{lab.nodes.front().address, 8500, {}});
  const json self = json::parse(
      client.send({.target = "/v1/agent/self", .headers = {}, .body = {}}, deadline).body, nullptr, false);
  return self.is_object() ? self.value("/Config/Version"_json_pointer, std::string()) : std::string();
}

}  // namespace labctl::lab
