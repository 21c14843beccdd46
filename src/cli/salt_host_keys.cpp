#include "cli/salt_host_keys.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/known_hosts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::cli {
namespace {

// "TYPE BASE64" of "TYPE BASE64 COMMENT".
std::string checked(const std::string& minion, const std::string& key) {
  const auto words = split(key, ' ');
  if (words.size() < 2 || ssh::key_type(decode_base64(words[1]).value_or("")) != words[0]) {
    throw Error(Kind::invalid, "a host key of " + minion + " is not valid: " + key.substr(0, 60), minion,
                "run again: salt '*' ssh.host_keys private=False --out=json");
  }
  return words[0] + " " + words[1];
}

}  // namespace

KnownHostsText known_hosts_of(const std::vector<inventory::Node>& nodes,
                              const std::vector<inventory::SaltHostKeys>& keys,
                              const inventory::SaltOptions& options) {
  KnownHostsText result;
  result.text = "# Host keys collected through salt by labctl inventory from-salt.\n";
  for (const auto& node : nodes) {
    const auto found = std::find_if(keys.begin(), keys.end(), [&](const inventory::SaltHostKeys& minion) {
      return inventory::salt_node_name(minion.minion, options) == node.name;
    });
    if (found == keys.end() || found->keys.empty()) {
      result.notes.push_back(fmt::format("{} has no host keys: {}", node.name,
                                         found == keys.end() ? "salt did not name it" : found->problem));
      continue;
    }
    const auto host = node.port == 0 || node.port == 22
                          ? lower(node.address)
                          : fmt::format("[{}]:{}", lower(node.address), node.port);
    for (const auto& key : found->keys) result.text += host + " " + checked(found->minion, key) + "\n";
  }
  if (std::any_of(keys.begin(), keys.end(), [](const auto& minion) { return minion.secrets; })) {
    result.notes.push_back(
        "salt's output has private host keys, which are not written: delete it, and ask with private=False");
  }
  return result;
}

}  // namespace labctl::cli
