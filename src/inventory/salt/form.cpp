#include "base/error.hpp"
#include "base/text.hpp"
#include "inventory/salt/readers.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace labctl::inventory::salt {
namespace {

bool name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_' || c == '@';
}

using YamlReader = std::vector<Entry> (*)(const Text&);

// The reader for the form of the output, detected from a line "NAME:" or "NAME: VALUE" and the line below it;
// nullptr if they do not show the form.
YamlReader form_of(const KeyLine& key, const std::string& next) {
  if (key.value.empty()) {
    if (next == "----------") return read_table;
    if (next.starts_with("- ") || next == "-") return read_yaml;
    if (next.starts_with("    ")) return read_nested;
    if (next.starts_with(' ')) return read_yaml;
    return nullptr;
  }
  if (key.value.starts_with("['") || key.value.starts_with("[u'") || key.value.starts_with("{'") ||
      key.value.starts_with("{u'"))
    return read_txt;
  const char quote = key.value.front();
  if (key.value == "''" || ((quote == '\'' || quote == '"') && next.starts_with("  "))) return read_yaml;
  return nullptr;
}

}  // namespace

std::size_t indentation(const std::string& line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

std::optional<KeyLine> key_line(const std::string& line) {
  const auto colon = line.find(':');
  if (colon == std::string::npos || colon == 0) return std::nullopt;
  if (colon + 1 < line.size() && line[colon + 1] != ' ') return std::nullopt;
  auto name = line.substr(0, colon);
  if (name.size() > 2 && (name.front() == '\'' || name.front() == '"') && name.back() == name.front())
    name = name.substr(1, name.size() - 2);
  if (!std::all_of(name.begin(), name.end(), name_character)) return std::nullopt;
  return KeyLine{name, trim(line.substr(colon + 1))};
}

void not_understood(const Text& text, const Line& line) {
  text.fail(line.number, in_quotes(line.text) + " is nothing that salt's outputters write here",
            "leave out what other programs print: 2>/dev/null; the safest form is --out=json");
}

std::vector<Entry> read(const Text& text) {
  std::vector<Line> lines;
  for (const auto& line : text.lines) {
    if (!line.text.empty()) lines.push_back(line);
  }
  if (lines.empty()) return {};
  if (lines.front().text.starts_with('{')) return read_objects(text);
  bool values = false;
  for (std::size_t at = 0; at < lines.size(); ++at) {
    const auto key = key_line(lines[at].text);
    if (!key) continue;
    values = values || !key->value.empty();
    if (const auto form = form_of(*key, at + 1 < lines.size() ? lines[at + 1].text : "")) return form(text);
  }
  if (values) return read_txt(text);
  // Addresses without minion names: from --out=newline_values_only, or from output that was filtered.
  const auto bare = [](const Line& line) {
    const auto words = trim(line.text);
    return words.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos &&
           words.find_first_of(".:") != std::string::npos;
  };
  if (std::all_of(lines.begin(), lines.end(), bare)) {
    text.fail(lines.front().number,
              "these are values without the names of their minions, as --out=newline_values_only prints",
              "use --out=json, or no --out at all");
  }
  if (lines.front().text.starts_with("Accepted Keys:")) {
    text.fail(lines.front().number, "this is what salt-key prints, the names of minions without addresses",
              "run sudo salt '*' grains.get ip4_interfaces:eth0");
  }
  return read_nested(text);
}

}  // namespace labctl::inventory::salt
