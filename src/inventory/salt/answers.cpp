#include "base/address.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "inventory/salt.hpp"
#include "inventory/salt/returns.hpp"
#include "inventory/yaml_reader.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace labctl::inventory {
namespace {

using salt::Entry;
using salt::Text;
using salt::Value;

struct Address {
  bool valid = false;
  std::string useless;  // why other machines cannot use it; empty if they can
};

Address address(const std::string& text) {
  if (const auto v4 = parse_ipv4(text)) {
    if (*v4 >> 24 == 127 || *v4 >> 24 == 0) return {true, "loopback"};
    if (*v4 >> 16 == 0xa9fe) return {true, "link-local"};
    if (*v4 >> 28 >= 0xe) return {true, "no machine's"};
    return {true, {}};
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), &v6) != 1) return {};
  if (IN6_IS_ADDR_LOOPBACK(&v6) || IN6_IS_ADDR_UNSPECIFIED(&v6)) return {true, "loopback"};
  if (IN6_IS_ADDR_LINKLOCAL(&v6)) return {true, "link-local"};
  if (IN6_IS_ADDR_MULTICAST(&v6)) return {true, "no machine's"};
  return {text.find('%') == std::string::npos, {}};
}

class Answers {
public:
  Answers(const Text& text, const SaltQuestion& question) : text_(text), question_(question) {}

  SaltAnswer answer(const Entry& entry) {
    SaltAnswer result;
    result.minion = entry.name;
    result.line = entry.line;
    read(result, entry.value, 0);
    if (result.addresses.empty() && result.problem.empty())
      result.problem = fmt::format("it has no address on {}", question_.interface);
    return result;
  }

private:
  void read(SaltAnswer& to, const Value& value, int depth) {
    switch (value.kind) {
      case Value::Kind::nothing:
        return;
      case Value::Kind::text:
        if (address(value.text).valid) return add(to, value);
        to.problem = first_line(value);
        return;
      case Value::Kind::list:
        for (const auto& item : value.items) {
          if (item.kind != Value::Kind::text || !address(item.text).valid) {
            text_.fail(item.line, fmt::format("{} is no address; {} was asked for its addresses",
                                              item.kind == Value::Kind::text ? in_quotes(item.text) : "this",
                                              to.minion));
          }
          add(to, item);
        }
        return;
      case Value::Kind::mapping:
        return interfaces(to, value, depth);
    }
  }

  static void add(SaltAnswer& to, const Value& value) {
    const auto& text = value.text;
    if (const auto found = address(text); !found.useless.empty()) {
      if (to.addresses.empty()) to.problem = fmt::format("its only address is {}, {}", text, found.useless);
      return;
    }
    to.problem.clear();
    if (std::find(to.addresses.begin(), to.addresses.end(), text) == to.addresses.end())
      to.addresses.push_back(text);
  }

  void read_entry(SaltAnswer& to, const Entry& entry, int depth) {
    if (entry.value.doubtful) salt::fail_doubtful(text_, entry);
    read(to, entry.value, depth);
  }

  // Reads ip4_interfaces or ip6_interfaces from all grains, or a mapping of interfaces to addresses.
  void interfaces(SaltAnswer& to, const Value& value, int depth) {
    for (const std::string grain : {"ip4_interfaces", "ip6_interfaces"}) {
      if (depth > 0) break;
      for (const auto& name : {grain + ":" + question_.interface, grain}) {
        const auto found = std::find_if(value.entries.begin(), value.entries.end(),
                                        [&](const Entry& entry) { return entry.name == name; });
        if (found != value.entries.end()) return read_entry(to, *found, 1);
      }
    }
    std::vector<std::string> names;
    for (const auto& entry : value.entries) {
      const bool empty = entry.value.kind == Value::Kind::nothing ||
                         (entry.value.kind == Value::Kind::text && entry.value.text.empty());
      if (!empty && entry.value.kind != Value::Kind::list) {
        text_.fail(
            entry.line,
            fmt::format("{} of {} is no interface with its addresses", in_quotes(entry.name), to.minion),
            "run salt '*' grains.get ip4_interfaces:" + question_.interface);
      }
      names.push_back(entry.name);
      if (entry.name != question_.interface) continue;
      return read_entry(to, entry, 2);
    }
    to.problem = names.empty() ? "it has no interfaces"
                               : fmt::format("it has no interface {}, but {} (--interface)",
                                             question_.interface, join(names, ", "));
  }

  const Text& text_;
  const SaltQuestion& question_;
};

// A minion that answers late appears twice in the output: first with the message that it did not return.
void add(const Text& text, std::vector<SaltAnswer>& to, SaltAnswer answer) {
  const auto found =
      std::find_if(to.begin(), to.end(), [&](const SaltAnswer& a) { return a.minion == answer.minion; });
  if (found == to.end()) {
    to.push_back(std::move(answer));
  } else if (found->addresses.empty()) {
    *found = std::move(answer);
  } else if (!answer.addresses.empty() && answer.addresses != found->addresses) {
    text.fail(answer.line,
              fmt::format("two machines answer as {}: {} (line {}) and {}", answer.minion,
                          found->addresses.front(), found->line, answer.addresses.front()),
              "give each an id of its own in /etc/salt/minion_id");
  }
}

}  // namespace

SaltOutput parse_salt(std::string_view text, const SaltQuestion& question) {
  constexpr std::array never = {"lo", "docker0"};
  if (std::find(never.begin(), never.end(), question.interface) != never.end()) {
    throw Error(Kind::usage, question.interface + " has the same address on every node", "--interface",
                "name the interface that other machines reach");
  }
  const auto clean = salt::clean(text, question.source);
  SaltOutput result{question.source, {}, clean.messages, clean.passed_over};
  for (const auto& entry : salt::minion_returns(clean))
    add(clean, result.answers, Answers(clean, question).answer(entry));
  for (const auto& minion : clean.silent) add(clean, result.answers, {minion, {}, "it did not respond", 0});
  return result;
}

std::vector<SaltHostKeys> parse_salt_host_keys(std::string_view text, const std::string& source) {
  const auto clean = salt::clean(text, source);
  std::vector<SaltHostKeys> result;
  for (const auto& entry : salt::minion_returns(clean)) {
    SaltHostKeys found{entry.name, {}, {}, false};
    const auto take = [&](const std::string& words) {
      for (const auto& line : lines(words)) {
        const auto key = trim(line);
        if (key.find("PRIVATE KEY") != std::string::npos) found.secrets = true;
        if (key.starts_with("ssh-") || key.starts_with("ecdsa-sha2-")) found.keys.push_back(key);
      }
    };
    if (entry.value.kind == Value::Kind::text) take(entry.value.text);
    for (const auto& key : entry.value.entries) {
      if (key.value.kind != Value::Kind::text) continue;
      const bool open = key.name.ends_with(".pub") && !key.name.ends_with("-cert.pub");
      if (open || key.value.text.find("PRIVATE KEY") != std::string::npos) take(key.value.text);
    }
    if (found.keys.empty()) {
      const auto said = salt::first_line(entry.value);
      found.problem = said.empty() ? "it gave no host keys" : said;
    }
    const auto seen = std::find_if(result.begin(), result.end(),
                                   [&](const SaltHostKeys& keys) { return keys.minion == found.minion; });
    if (seen == result.end()) {
      result.push_back(std::move(found));
    } else if (seen->keys.empty()) {
      *seen = std::move(found);
    } else if (!found.keys.empty() && found.keys != seen->keys) {
      clean.fail(entry.line, "two machines answer as " + entry.name,
                 "give each an id of its own in /etc/salt/minion_id");
    }
  }
  return result;
}

}  // namespace labctl::inventory
