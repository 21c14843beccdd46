#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "inventory/salt.hpp"
#include "inventory/write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace labctl::inventory {
namespace {

// core2 before core10. Salt lists minions as they happen to answer; nodes are better in the order people name them.
bool natural_less(std::string_view a, std::string_view b) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto number = [&](std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
    std::size_t size = 0;
    while (size < text.size() && digit(text[size])) ++size;
    const auto digits = text.substr(0, size);
    text.remove_prefix(size);
    return digits;
  };
  while (!a.empty() && !b.empty()) {
    if (digit(a.front()) && digit(b.front())) {
      const auto x = number(a);
      const auto y = number(b);
      if (x != y) return x.size() != y.size() ? x.size() < y.size() : x < y;
    } else {
      if (a.front() != b.front()) return a.front() < b.front();
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
  return a.size() < b.size();
}

}  // namespace

SaltInventory inventory_from_salt(const SaltOutput& output, const SaltOptions& options) {
  SaltInventory result;
  auto& made = result.inventory;
  std::vector<std::string> names;
  for (const auto& answer : output.answers) {
    if (answer.addresses.empty()) {
      result.notes.push_back(fmt::format("minion {} is left out: {}", answer.minion, answer.problem));
      continue;
    }
    if (answer.addresses.size() > 1) {
      const std::vector<std::string> others(answer.addresses.begin() + 1, answer.addresses.end());
      result.notes.push_back(fmt::format("{} has several addresses: took {}, not {}", answer.minion,
                                         answer.addresses.front(), join(others, ", ")));
    }
    Node node;
    node.name = answer.minion;
    node.address = answer.addresses.front();
    node.user = options.user;
    if (!options.identity.empty()) node.identity = expand_home(options.identity);
    made.nodes.push_back(std::move(node));
  }
  for (const auto& message : output.messages) result.notes.push_back("salt says: " + message);
  if (made.nodes.empty()) {
    throw Error(Kind::invalid,
                fmt::format("none of {} minions gave an address: {}", output.answers.size(),
                            join(result.notes, "; ")),
                {}, "is the interface called eth0 on them?");
  }
  std::stable_sort(made.nodes.begin(), made.nodes.end(),
                   [](auto& a, auto& b) { return natural_less(a.name, b.name); });
  for (const auto& node : made.nodes) names.push_back(node.name);
  made.forwards.push_back(
      {"consul", names, parse_endpoint("127.0.0.1:8500"), parse_endpoint("localhost:8500")});
  for (const auto& name : names) {
    const auto local = runtime_dir() / made.name / fmt::format("docker_{}.sock", name);
    made.forwards.push_back({"docker_" + name,
                             {name},
                             {Endpoint::Type::unix_socket, {}, 0, local.string()},
                             parse_endpoint("/var/run/docker.sock")});
  }
  // Names and addresses come from outside: what the parser would not take is told now, not by the next command.
  made = parse(to_yaml(made), "salt's output");
  made.source.clear();
  return result;
}

}  // namespace labctl::inventory
