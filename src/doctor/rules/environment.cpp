#include "doctor/rules/environment.hpp"

#include "base/address.hpp"
#include "base/text.hpp"
#include "doctor/rules/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace labctl::doctor {
namespace {

bool in_network(std::string_view network, std::string_view host) {
  const auto slash = network.find('/');
  if (slash == std::string_view::npos) return false;
  const auto base = parse_ipv4(network.substr(0, slash));
  const auto address = parse_ipv4(host);
  unsigned prefix = 33;
  const auto digits = network.substr(slash + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
  if (!base || !address || prefix > 32) return false;
  const std::uint32_t mask = prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
  return (*base & mask) == (*address & mask);
}

std::string without_port(std::string_view entry) {
  const auto colon = entry.rfind(':');
  const bool one_colon = colon != std::string_view::npos && entry.find(':') == colon;
  return std::string(one_colon ? entry.substr(0, colon) : entry);
}

std::string value_of(const Observations& seen, const char* variable) {
  const auto found = seen.machine.environment.find(variable);
  return found == seen.machine.environment.end() ? "" : found->second;
}

// "http://localhost:8500/" and "127.0.0.1:8500" are the same address.
std::string plain_address(std::string text) {
  for (const auto* scheme : {"http://", "https://", "tcp://"}) {
    if (text.starts_with(scheme)) text.erase(0, std::string_view(scheme).size());
  }
  text = text.substr(0, text.find('/'));
  return text.starts_with("localhost:") ? "127.0.0.1" + text.substr(text.find(':')) : text;
}

// The hosts that clients of this inventory name in their HTTP requests.
std::vector<std::string> hosts_of(const Observations& seen) {
  std::vector<std::string> hosts;
  for (const auto& forward : seen.forwards) {
    const auto& end = forward.forward.local;
    if (!forward.is_consul() || end.is_unix_socket()) continue;
    hosts.push_back(end.host);
    if (parse_ipv4(end.host).value_or(0) >> 24 == 127) hosts.emplace_back("localhost");
  }
  for (const auto& [host, address] : seen.hosts) hosts.push_back(host);
  return hosts;
}

void judge_proxies(const Observations& seen, Diagnosis& to) {
  const auto no_proxy = value_of(seen, "no_proxy") + "," + value_of(seen, "NO_PROXY");
  std::vector<std::string> open;
  for (const auto& host : hosts_of(seen)) {
    if (!no_proxy_covers(no_proxy, host)) open.push_back(host);
  }
  if (open.empty()) return;
  for (const auto* variable : {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"}) {
    if (const auto proxy = value_of(seen, variable); !proxy.empty()) {
      to.add("proxy-in-environment", variable,
             {fmt::format("{} is {}; no_proxy does not name {}", variable, without_secret(proxy),
                          join(open, ", "))});
    }
  }
}

void judge_tls(const Observations& seen, Diagnosis& to) {
  for (const auto* variable : {"DOCKER_TLS_VERIFY", "DOCKER_TLS", "CONSUL_HTTP_SSL"}) {
    const auto value = value_of(seen, variable);
    const bool off =
        std::string_view(variable) == "CONSUL_HTTP_SSL" && (value == "0" || lower(value) == "false");
    if (!value.empty() && !off)
      to.add("tls-in-environment", variable, {fmt::format("{} is set to {}", variable, value)});
  }
}

void judge_addresses(const Observations& seen, Diagnosis& to) {
  std::vector<std::string> engines;
  std::string consul;
  for (const auto& forward : seen.forwards) {
    if (forward.is_docker()) engines.push_back(url(forward.forward.local, "tcp"));
    if (forward.is_consul()) consul = url(forward.forward.local, "http");
  }
  const auto host = value_of(seen, "DOCKER_HOST");
  if (!host.empty() && !engines.empty() && std::find(engines.begin(), engines.end(), host) == engines.end()) {
    to.add("docker-host-elsewhere", "DOCKER_HOST",
           {fmt::format("DOCKER_HOST is {}, which is no engine of this inventory", host)});
  }
  const auto address = value_of(seen, "CONSUL_HTTP_ADDR");
  if (!address.empty() && !consul.empty() && address != consul &&
      plain_address(address) != plain_address(consul)) {
    to.add("consul-address-elsewhere", "CONSUL_HTTP_ADDR",
           {fmt::format("CONSUL_HTTP_ADDR is {}, and the forward to Consul is {}", address, consul)});
  }
}

}  // namespace

bool no_proxy_covers(std::string_view no_proxy, std::string_view host) {
  for (const auto& part : split(no_proxy, ',')) {
    auto entry = trim(part);
    if (entry.empty()) continue;
    if (entry == "*" || in_network(entry, host)) return true;
    entry = lower(without_port(entry));
    if (entry.starts_with("*")) entry.erase(0, 1);
    if (entry.starts_with(".")) entry.erase(0, 1);
    const auto wanted = lower(host);
    if (wanted == entry || wanted.ends_with("." + entry)) return true;
  }
  return false;
}

std::string without_secret(std::string_view proxy) {
  const auto at = proxy.rfind('@');
  if (at == std::string_view::npos) return std::string(proxy);
  const auto scheme = proxy.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  return std::string(proxy.substr(0, begin)) + std::string(proxy.substr(at + 1));
}

void judge_environment(const Observations& seen, Diagnosis& to) {
  judge_proxies(seen, to);
  judge_tls(seen, to);
  judge_addresses(seen, to);
}

// Only entries that can be compared: an inventory's address may be a name.
void judge_hosts_file(const Observations& seen, Diagnosis& to) {
  for (const auto& entry : seen.machine.hosts_file) {
    const auto found = seen.hosts.find(entry.name);
    const bool known = found != seen.hosts.end();
    if (!known && !entry.ours) continue;
    if (known && (!parse_ipv4(found->second) || found->second == entry.address)) continue;
    to.add("hosts-entry-stale", entry.name,
           {known ? fmt::format("/etc/hosts has {} {}; the inventory's node has {}", entry.address,
                                entry.name, found->second)
                  : fmt::format("/etc/hosts has {} {}; the inventory does not have this name any more",
                                entry.address, entry.name)});
  }
}

void judge_shared_port(const Observations& seen, Diagnosis& to) {
  if (seen.machine.other_users.empty()) return;
  for (const auto& forward : seen.forwards) {
    if (!forward.is_consul() || forward.forward.local.is_unix_socket() || !works(seen, forward)) continue;
    to.add("consul-port-shared", end_of(forward),
           {fmt::format("{} is a TCP port; others who can log in here: {}", end_of(forward),
                        join(seen.machine.other_users, ", "))});
  }
}

}  // namespace labctl::doctor
