#include "lab/plan.hpp"

#include "base/address.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "lab/lab_paths.hpp"
#include "lab/names.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace labctl::lab {
namespace {

constexpr int most_nodes = 16;

// Private use (RFC 1918), and benchmarks (RFC 2544), which nothing routes by default. Docker takes its
// networks from the other private ranges.
constexpr std::array ranges{Subnet{10U << 24, 8}, Subnet{198U << 24 | 18U << 16, 15}};

std::uint32_t mask(int prefix) { return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix); }

std::optional<Subnet> free_in(const Subnet& range, const std::string& lab, const std::vector<Subnet>& taken) {
  const std::uint32_t count = 1U << (24 - range.prefix);  // of /24 networks
  const auto first = static_cast<std::uint32_t>(digest(lab) % count);
  for (std::uint32_t i = 0; i < count; ++i) {
    const Subnet candidate{range.address | (first + i) % count << 8, 24};
    const auto hit = [&](const Subnet& other) { return candidate.overlaps(other); };
    if (std::none_of(taken.begin(), taken.end(), hit)) return candidate;
  }
  return std::nullopt;
}

}  // namespace

bool Subnet::overlaps(const Subnet& other) const {
  const std::uint32_t common = mask(std::min(prefix, other.prefix));
  return (address & common) == (other.address & common);
}

std::optional<Subnet> parse_subnet(std::string_view text) {
  Subnet subnet;
  const auto slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), subnet.prefix);
    if (error != std::errc() || end != digits.data() + digits.size() || subnet.prefix < 0 ||
        subnet.prefix > 32) {
      return std::nullopt;
    }
  }
  const auto address = parse_ipv4(text.substr(0, slash));
  if (!address) return std::nullopt;
  subnet.address = *address;
  return subnet;
}

std::string address_in(const Subnet& subnet, int n) {
  const std::uint32_t value = (subnet.address & mask(subnet.prefix)) + static_cast<std::uint32_t>(n);
  return fmt::format("{}.{}.{}.{}", value >> 24, value >> 16 & 255, value >> 8 & 255, value & 255);
}

std::vector<Subnet> parse_routes(const std::string& json) {
  std::vector<Subnet> routes;
  const auto list = nlohmann::json::parse(json.empty() ? "[]" : json, nullptr, false);
  if (!list.is_array()) throw Error(Kind::invalid, "is not a list of routes", "ip -json route");
  for (const auto& route : list) {
    if (const auto subnet = parse_subnet(route.value("dst", "")); subnet && subnet->prefix > 0)
      routes.push_back(*subnet);
  }
  return routes;
}

Subnet choose_subnet(const std::string& lab, const std::vector<Subnet>& taken) {
  for (const Subnet& range : ranges) {
    if (const auto free = free_in(range, lab, taken)) return *free;
  }
  std::vector<std::string> wide;
  for (const Subnet& other : taken) {
    if (other.prefix < 16) wide.push_back(fmt::format("{}/{}", address_in(other, 0), other.prefix));
  }
  throw Error(Kind::conflict,
              "10.0.0.0/8 and 198.18.0.0/15 have no network without a route" +
                  (wide.empty() ? "" : "; in the way are " + join(wide, ", ")),
              lab, "remove a route (ip route show table all), for example by ending a VPN");
}

std::uint16_t first_consul_port(const Subnet& subnet) {
  return static_cast<std::uint16_t>(8501 + (subnet.address >> 8) % 256);
}

LabInfo plan(const UpOptions& options, const Subnet& subnet, std::uint16_t consul_port) {
  check_name(options.name);
  check_os(options.os);
  if (options.nodes < 1 || options.nodes > most_nodes) {
    throw Error(Kind::usage, fmt::format("{} nodes", options.nodes), "--nodes",
                fmt::format("1 to {}", most_nodes));
  }
  LabInfo lab;
  lab.name = options.name;
  lab.host_address = address_in(subnet, 1);
  lab.hub_address = address_in(subnet, 2);
  lab.consul_port = consul_port;
  lab.folder = LabPaths(options.name).folder;
  std::vector<std::string> names;
  for (int n = 0; n < options.nodes; ++n) {
    const std::string name = fmt::format("core{}", n + 1);
    const auto os = options.node_os.find(name);
    lab.nodes.push_back(
        {name, os == options.node_os.end() ? options.os : os->second, address_in(subnet, 11 + n)});
    names.push_back(name);
  }
  for (const auto& [node, os] : options.node_os) {
    check_os(os);
    if (std::find(names.begin(), names.end(), node) == names.end()) {
      throw Error(Kind::usage, fmt::format("no node '{}' in this lab", node), "--os",
                  fmt::format("its nodes are {}", join(names, " ")));
    }
  }
  return lab;
}

std::string bridge_address(int n) { return fmt::format("172.{}.0.1/16", 21 + n); }

}  // namespace labctl::lab
