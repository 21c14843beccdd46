#include "ssh/jump.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/config_options.hpp"

namespace labctl::ssh {
namespace {

JumpHost read_jump_host(std::string_view text) {
  const auto bad = [&](const std::string& why) {
    return Error(Kind::invalid, "\"" + std::string(text) + "\" is no jump host: " + why);
  };
  std::string_view rest = text;
  if (rest.starts_with("ssh://")) {
    rest.remove_prefix(6);
    if (rest.ends_with('/')) rest.remove_suffix(1);
  }
  JumpHost jump;
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
    jump.user = rest.substr(0, at);
    if (jump.user->empty()) throw bad("the user is missing");
    rest.remove_prefix(at + 1);
  }
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) throw bad("] is missing");
    jump.host = rest.substr(1, close - 1);
    port = rest.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) throw bad("something follows the ]");
  } else {
    jump.host = rest.substr(0, rest.find(':'));
    port = rest.substr(jump.host.size());
    if (port.rfind(':') != 0 && !port.empty()) throw bad("an IPv6 address stands in brackets");
  }
  if (jump.host.empty()) throw bad("the host is missing");
  if (jump.host.starts_with('-')) throw bad("a host does not begin with -");
  if (port.size() > 1) {
    try {
      jump.port = static_cast<std::uint16_t>(read_port(port.substr(1)));
    } catch (const Error& error) {
      throw bad(error.what());
    }
  }
  return jump;
}

}  // namespace

std::vector<JumpHost> read_jump_hosts(std::string_view text) {
  if (lower(text) == "none") return {};
  std::vector<JumpHost> hosts;
  for (const std::string& host : split(text, ',')) hosts.push_back(read_jump_host(host));
  return hosts;
}

}  // namespace labctl::ssh
