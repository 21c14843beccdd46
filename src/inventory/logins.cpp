#include "inventory/logins.hpp"

#include "base/address.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "inventory/keys.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace labctl::inventory {
namespace {

namespace fs = std::filesystem;

template <typename T>
void prefer(std::optional<T>& value, const std::optional<T>& otherwise) {
  if (!value) value = otherwise;
}

// Four numbers with dots between them, which resolvers read in other ways or not at all: "10.0.0.256".
bool is_wrong_ipv4(const std::string& text) {
  const auto parts = split(text, '.');
  const auto number = [](const std::string& part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string::npos;
  };
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), number) && !parse_ipv4(text);
}

void check_address(const YamlReader& at, const std::string& address) {
  const auto colon = address.find(':');
  const bool other = colon != std::string::npos && !is_ipv6(address);
  if (!other && address.find_first_of(" \t\n/@[]{}") == std::string::npos && !is_wrong_ipv4(address)) return;
  const bool with_port = other && colon == address.rfind(':') && address.find('/') == std::string::npos;
  at.fail(fmt::format("\"{}\" is {}, expected a host name or an address", at.key(), in_quotes(address)),
          with_port ? "the port has a key of its own: port: " + address.substr(colon + 1) : "");
}

}  // namespace

fs::path file_path(const YamlReader& at, const fs::path& source) {
  const auto path = expand_home(at.text());
  return fs::absolute(path.is_absolute() ? path : source.parent_path() / path).lexically_normal();
}

Logins::Values Logins::values(const std::map<std::string, YamlReader>& fields) const {
  Values values;
  for (const auto& [key, value] : fields) {
    if (key == "user") values.user = value.text();
    if (key == "port") values.port = value.port();
    if (key == "identity") values.identity = file_path(value, source_);
    if (key == "known_hosts") values.known_hosts = file_path(value, source_);
    if (key == "agent") values.agent = value.boolean();
  }
  return values;
}

void Logins::set_defaults(const YamlReader& at) { defaults_ = values(at.fields(keys::defaults)); }

Node Logins::node(const std::string& name, const YamlReader& at) const {
  const auto fields = at.fields(keys::node);
  const auto address = fields.find("address");
  if (address == fields.end())
    at.fail(fmt::format("\"{}\" has no address", at.key()), "expected {address: 192.0.2.1}");
  Node node;
  node.name = name;
  node.address = address->second.text();
  check_address(address->second, node.address);
  auto login = values(fields);
  prefer(login.user, defaults_.user);
  prefer(login.port, defaults_.port);
  prefer(login.identity, defaults_.identity);
  prefer(login.known_hosts, defaults_.known_hosts);
  prefer(login.agent, defaults_.agent);
  node.user = login.user.value_or("");
  node.port = login.port.value_or(0);
  node.identity = login.identity;
  node.known_hosts = login.known_hosts.value_or("");
  node.use_agent = login.agent.value_or(true);
  return node;
}

}  // namespace labctl::inventory
