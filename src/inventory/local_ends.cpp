#include "inventory/local_ends.hpp"

#include "base/address.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::inventory {
namespace {

// The same text for two ends that cannot be bound at the same time.
std::string canonical(const Endpoint& end) {
  if (end.is_unix_socket()) return std::filesystem::path(end.path).lexically_normal().string();
  return host_port(end.host == "localhost" ? "127.0.0.1" : end.host, end.port);
}

}  // namespace

std::string local_path(const YamlReader& at, const std::string& text, const std::string& inventory_name,
                       const std::string& node) {
  std::string result;
  std::string_view rest = text;
  while (true) {
    const auto open = rest.find('{');
    result += rest.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = rest.find('}', open);
    if (close == std::string_view::npos) at.fail(fmt::format("\"{}\" has a \"{{\" without \"}}\"", at.key()));
    const std::string word(rest.substr(open + 1, close - open - 1));
    if (word == "runtime") {
      result += (runtime_dir() / inventory_name).string();
    } else if (word == "node" && !node.empty()) {
      result += node;
    } else {
      at.fail(fmt::format("\"{}\" has {}, which is not a known placeholder here", at.key(),
                          in_quotes("{" + word + "}")),
              node.empty() ? "expected {runtime}" : "expected {runtime} or {node}");
    }
    rest.remove_prefix(close + 1);
  }
  return expand_home(result).string();
}

bool is_loopback(const std::string& host) {
  if (const auto v4 = parse_ipv4(host)) return *v4 >> 24 == 127;
  return host == "localhost" || host == "::1";
}

void require_local(const YamlReader& at, const Endpoint& end) {
  if (!end.is_unix_socket() && !is_loopback(end.host)) {
    at.fail(
        fmt::format("\"{}\" is {}, which other machines could reach", at.key(), in_quotes(to_string(end))),
        "expected a loopback address, as 127.0.0.1:" + std::to_string(end.port));
  }
  if (end.path.size() > longest_socket_path) {
    at.fail(fmt::format("\"{}\" is a socket path of {} bytes, {}; the system takes {}", at.key(),
                        end.path.size(), in_quotes(end.path), longest_socket_path),
            "use a shorter folder");
  }
}

void ListeningEnds::claim(const YamlReader& at, const Forward& forward) {
  const bool on_node = forward.direction == Forward::Direction::remote;
  const auto& end = on_node ? forward.remote : forward.local;
  if (!on_node) require_local(at, end);
  const auto machine = on_node ? forward.via.front() : "";
  const auto [seen, is_new] = owner_.emplace(machine + " " + canonical(end), forward.name);
  if (is_new) return;
  at.fail(on_node ? fmt::format("the forwards \"{}\" and \"{}\" both listen at {} on {}", seen->second,
                                forward.name, to_string(end), machine)
                  : fmt::format("the forwards \"{}\" and \"{}\" have the same local end {}", seen->second,
                                forward.name, to_string(end)),
          "give each its own");
}

}  // namespace labctl::inventory
