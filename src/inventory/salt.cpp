#include "inventory/salt.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace labctl::inventory {
namespace {

using Json = nlohmann::ordered_json;

bool address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, text.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), ignored.data()) == 1;
}

// Without terminal colours (ESC [ ... letter) and other control characters.
std::string plain(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b' && at + 1 < text.size() && text[at + 1] == '[') {
      at += 2;
      while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
    } else if (text[at] == '\n' || text[at] == '\t' || static_cast<unsigned char>(text[at]) >= 0x20) {
      result += text[at];
    }
  }
  return result;
}

std::string unquoted(std::string text) {
  if (text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
    return text.substr(1, text.size() - 2);
  }
  return text;
}

// Lines of salt itself and of its logger, which stand between the answers when stderr went to the same file.
bool own_message(const std::string& line) {
  return line.starts_with("ERROR: ") || line.starts_with("No minions matched") ||
         line.starts_with("No return received");
}
bool log_line(const std::string& line) {
  return line.starts_with("[") || line.starts_with("Executing job with jid") || line.starts_with("---");
}

class Collector {
public:
  SaltAnswer& minion(const std::string& name) {
    const auto found = std::find_if(result_.answers.begin(), result_.answers.end(),
                                    [&](auto& a) { return a.minion == name; });
    if (found != result_.answers.end()) return *found;
    result_.answers.push_back({name, {}, {}});
    return result_.answers.back();
  }

  // One thing that a minion answered: an address, or words instead of one.
  static void add(SaltAnswer& answer, const std::string& text) {
    if (address(text)) {
      if (std::find(answer.addresses.begin(), answer.addresses.end(), text) == answer.addresses.end())
        answer.addresses.push_back(text);
    } else if (answer.problem.empty()) {
      answer.problem = text;
    }
  }

  void message(const std::string& line) { result_.messages.push_back(line); }

  SaltOutput result() {
    for (auto& answer : result_.answers) {
      constexpr std::array nothing = {"", "False", "false", "None", "null", "[]", "''", "{}", "----------"};
      if (!answer.addresses.empty()) {
        answer.problem.clear();
      } else if (std::find(nothing.begin(), nothing.end(), answer.problem) != nothing.end()) {
        answer.problem = "it has no address on that interface";
      }
    }
    if (!result_.answers.empty()) return std::move(result_);
    throw Error(
        Kind::invalid,
        result_.messages.empty() ? "there is no minion in salt's output"
                                 : "salt found no minion: " + result_.messages.front(),
        {},
        "expected what `salt '*' grains.get ip4_interfaces:eth0` prints, also with --out=json or --out=yaml");
  }

private:
  SaltOutput result_;
};

// "NAME:" or "NAME: VALUE" at the beginning of a line, as the nested and the YAML form have it.
struct KeyLine {
  std::string name;
  std::string value;
};
std::optional<KeyLine> key_line(const std::string& line) {
  if (line.empty() || line.front() == ' ' || line.front() == '-') return std::nullopt;
  // Minion names have no blanks; a colon inside one is followed by more of the name.
  for (auto colon = line.find(':'); colon != std::string::npos; colon = line.find(':', colon + 1)) {
    const bool ends = colon + 1 == line.size() || line[colon + 1] == ' ';
    if (!ends) continue;
    const auto name = unquoted(line.substr(0, colon));
    if (name.empty() || name.find_first_of(" \t") != std::string::npos) return std::nullopt;
    return KeyLine{name, trim(line.substr(colon + 1))};
  }
  return std::nullopt;
}

void read_lines(const std::string& text, Collector& to) {
  std::string minion;
  for (const auto& line : lines(text)) {
    if (trim(line).empty()) continue;
    if (own_message(line)) {
      to.message(line);
    } else if (line.front() == '[' || (minion.empty() && log_line(line))) {
      continue;
    } else if (const auto key = key_line(line)) {
      minion = key->name;
      auto& answer = to.minion(minion);
      // A YAML text that goes on in the next line has its quote only at the front.
      const auto value = key->value.starts_with('\'') && !key->value.ends_with('\'') ? key->value.substr(1)
                                                                                     : unquoted(key->value);
      if (!value.empty()) Collector::add(answer, value);
    } else if (!minion.empty()) {
      auto value = trim(line);
      if (value.starts_with("- ")) value = trim(value.substr(2));
      Collector::add(to.minion(minion), unquoted(value));
    }
  }
}

// The end of the JSON object that begins at `at`; npos if it has none.
std::size_t object_end(std::string_view text, std::size_t at) {
  int depth = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void read_value(SaltAnswer& answer, const Json& value) {
  if (value.is_string()) {
    Collector::add(answer,
                   last_line(value.get<std::string>().substr(0, value.get<std::string>().find('\n'))));
  } else if (value.is_array()) {
    for (const auto& item : value) {
      Collector::add(answer, item.is_string() ? item.get<std::string>()
                                              : item.dump(-1, ' ', false, Json::error_handler_t::replace));
    }
  } else {
    Collector::add(answer, value.dump(-1, ' ', false, Json::error_handler_t::replace));
  }
}

void read_json(std::string_view text, Collector& to) {
  std::string between;
  while (true) {
    const auto open = text.find('{');
    between += text.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto end = object_end(text, open);
    if (end == std::string_view::npos)
      throw Error(Kind::invalid, "salt's JSON output is cut off", {}, "run salt again");
    const auto object = Json::parse(text.substr(open, end - open), nullptr, false);
    if (object.is_discarded())
      throw Error(Kind::invalid, "salt's output begins as JSON, but is none", {}, "run salt again");
    for (const auto& [name, value] : object.items()) read_value(to.minion(name), value);
    text.remove_prefix(end);
  }
  for (const auto& line : lines(between)) {
    if (own_message(line)) to.message(line);
  }
}

// JSON if the first line that is not salt's own opens an object.
bool looks_like_json(const std::string& text) {
  for (const auto& line : lines(text)) {
    if (trim(line).empty() || own_message(line) || log_line(line)) continue;
    return line.front() == '{';
  }
  return false;
}

}  // namespace

SaltOutput parse_salt(std::string_view text) {
  const auto clean = plain(text);
  Collector collector;
  if (looks_like_json(clean)) {
    read_json(clean, collector);
  } else {
    read_lines(clean, collector);
  }
  return collector.result();
}

}  // namespace labctl::inventory
