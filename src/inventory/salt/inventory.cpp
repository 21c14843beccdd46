#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "inventory/default_forwards.hpp"
#include "inventory/local_ends.hpp"
#include "inventory/names.hpp"
#include "inventory/salt.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace labctl::inventory {
namespace {

// core2 before core10. Salt lists minions in the order of their answers; the inventory sorts them by name,
// with numbers compared as numbers.
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

class Maker {
public:
  Maker(const SaltOutput& output, const SaltOptions& options) : output_(output), options_(options) {}

  SaltInventory make() {
    for (const auto& answer : output_.answers) node(answer);
    for (const auto& message : output_.messages) result_.notes.push_back("salt says: " + message);
    auto& made = result_.inventory;
    if (made.nodes.empty()) {
      throw Error(Kind::invalid, "no minion gave an address: " + join(result_.notes, "; "), output_.source,
                  "--interface names another interface than eth0");
    }
    if (output_.passed_over > 0) {
      result_.notes.push_back(output_.passed_over == 1
                                  ? fmt::format("ignored 1 line of {} that is not an answer", output_.source)
                                  : fmt::format("ignored {} lines of {} that are not answers",
                                                output_.passed_over, output_.source));
    }
    std::stable_sort(made.nodes.begin(), made.nodes.end(),
                     [](auto& a, auto& b) { return natural_less(a.name, b.name); });
    forwards();
    return std::move(result_);
  }

private:
  [[noreturn]] void fail(const SaltAnswer& answer, const std::string& what, const std::string& hint) const {
    throw Error(Kind::invalid, what, fmt::format("{}:{}", output_.source, answer.line), hint);
  }

  void node(const SaltAnswer& answer) {
    if (answer.addresses.empty()) {
      result_.notes.push_back(fmt::format("minion {} is left out: {}", answer.minion, answer.problem));
      return;
    }
    if (answer.addresses.size() > 1) {
      const std::vector<std::string> others(answer.addresses.begin() + 1, answer.addresses.end());
      result_.notes.push_back(fmt::format("{} has several addresses: took {}, not {}", answer.minion,
                                          answer.addresses.front(), join(others, ", ")));
    }
    Node made;
    made.name = salt_node_name(answer.minion, options_);
    made.address = answer.addresses.front();
    made.user = options_.user;
    if (!options_.identity.empty()) made.identity = expand_home(options_.identity);
    made.known_hosts = options_.known_hosts;
    check(answer, made);
    result_.inventory.nodes.push_back(std::move(made));
  }

  // Names and addresses come from outside labctl: refuses those that the inventory parser would not accept.
  void check(const SaltAnswer& answer, const Node& made) {
    if (made.name.size() > longest_name && made.name.find('.') != std::string::npos) {
      fail(answer, fmt::format("{} has {} characters", in_quotes(made.name), made.name.size()),
           fmt::format("a node's name has at most {}; --short-names takes what is before the first dot",
                       longest_name));
    }
    if (!valid_name(made.name)) fail(answer, in_quotes(made.name) + " is no name for a node", name_rule());
    if (const auto [seen, is_new] = addresses_.emplace(made.address, made.name); !is_new) {
      fail(answer, fmt::format("{} and {} have the same address, {}", seen->second, made.name, made.address),
           "is this address local to each machine? Use --interface with the interface that other machines "
           "reach");
    }
    if (const auto [seen, is_new] = variables_.emplace(variable_part(made.name), answer.minion); !is_new) {
      fail(answer,
           fmt::format("{} and {} would both be {} as an environment variable", seen->second, answer.minion,
                       seen->first),
           "give one of them another minion id");
    }
  }

  void forwards() {
    auto& made = result_.inventory;
    made.forwards = default_forwards(made);
    auto& via = made.forwards.front().via;
    for (const auto& node : options_.via) {
      if (std::find(via.begin(), via.end(), node) == via.end())
        throw Error(Kind::usage, node + " is none of " + join(via, ", "), "--via");
    }
    if (!options_.via.empty()) via = options_.via;
    // The file's name is not known here; it will be part of the paths.
    auto named = made;
    named.name = std::string(longest_name_of_file, '_');
    for (const auto& forward : default_forwards(named)) {
      const auto& path = forward.local.path;
      if (path.size() > longest_socket_path) {
        throw Error(Kind::invalid,
                    fmt::format("the socket path {} is longer than {} bytes", path, longest_socket_path),
                    output_.source, "--short-names makes it shorter, or another LABCTL_RUNTIME_DIR");
      }
    }
  }

  const SaltOutput& output_;
  const SaltOptions& options_;
  SaltInventory result_;
  std::map<std::string, std::string> addresses_;  // address -> node
  std::map<std::string, std::string> variables_;  // variable -> minion
};

}  // namespace

std::string salt_node_name(const std::string& minion, const SaltOptions& options) {
  return options.short_names ? minion.substr(0, minion.find('.')) : minion;
}

SaltInventory inventory_from_salt(const SaltOutput& output, const SaltOptions& options) {
  return Maker(output, options).make();
}

}  // namespace labctl::inventory
