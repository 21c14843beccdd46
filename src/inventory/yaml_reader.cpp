#include "inventory/yaml_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace labctl::inventory {
namespace {

std::string place(const std::string& source, const YAML::Mark& mark) {
  // yaml-cpp counts from 0 and marks "nowhere" with -1.
  return fmt::format("{}:{}:{}", source, mark.line + 1, mark.column + 1);
}

std::string kind_of(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      return "a mapping";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Scalar:
      return in_quotes(node.Scalar());
    default:
      return "nothing";
  }
}

// Whether the line of the error begins with blanks that have a tab.
bool tab_indents(const std::string& yaml, const YAML::Mark& mark) {
  const auto all = lines(yaml);
  if (mark.line < 0 || static_cast<std::size_t>(mark.line) >= all.size()) return false;
  const auto& line = all[static_cast<std::size_t>(mark.line)];
  return line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string::npos;
}

constexpr std::size_t most_merges = 1000;  // through an alias, a mapping can merge itself

}  // namespace

std::string in_quotes(const std::string& text) {
  constexpr std::size_t longest = 60;
  std::string result = "\"";
  for (const char c : std::string_view(text).substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + (text.size() > longest ? "…\"" : "\"");
}

YamlReader::YamlReader(const YAML::Node& node, YAML::Mark mark, std::string key, std::string source)
    : node_(node), mark_(mark), key_(std::move(key)), source_(std::move(source)) {}

YamlReader YamlReader::document(const std::string& yaml, const std::filesystem::path& source) {
  std::vector<YAML::Node> documents;
  try {
    documents = YAML::LoadAll(yaml);
  } catch (const YAML::Exception& error) {
    throw Error(Kind::invalid, "this is not YAML: " + error.msg, place(source.string(), error.mark),
                tab_indents(yaml, error.mark) ? "a tab indents this line: YAML takes only spaces there" : "");
  }
  if (documents.empty() || documents.front().IsNull()) {
    throw Error(Kind::invalid, "the inventory is empty", source.string() + ":1:1",
                "expected at least version and nodes");
  }
  if (documents.size() > 1) {
    throw Error(Kind::invalid, "there is more than one YAML document",
                place(source.string(), documents[1].Mark()), "expected one inventory a file");
  }
  return {documents.front(), documents.front().Mark(), "", source.string()};
}

std::string YamlReader::label() const { return key_.empty() ? "the inventory" : "\"" + key_ + "\""; }

void YamlReader::fail(const std::string& what, const std::string& hint) const {
  throw Error(Kind::invalid, what, place(source_, mark_), hint);
}

void YamlReader::expected(const std::string& what) const {
  fail(fmt::format("{} is {}, expected {}", label(), kind_of(node_), what));
}

namespace {

bool merges(const YAML::Node& key) { return key.IsScalar() && key.Scalar() == "<<" && key.Tag() != "!"; }

}  // namespace

std::vector<YamlReader::Pair> YamlReader::pairs(const YAML::Node& mapping, std::size_t& merged) const {
  // Never assign to a YAML::Node: that would change the document.
  std::vector<Pair> own;
  std::vector<Pair> sources;
  for (const auto& entry : mapping) {
    (merges(entry.first) ? sources : own).emplace_back(entry.first, entry.second);
  }
  const auto has = [](const std::vector<Pair>& pairs, const Pair& pair) {
    return std::any_of(pairs.begin(), pairs.end(), [&](const Pair& other) {
      return pair.first.IsScalar() && other.first.IsScalar() && pair.first.Scalar() == other.first.Scalar();
    });
  };
  // Merged entries come before the mapping's own entries, as in the file.
  std::vector<Pair> result;
  for (const auto& [key, value] : sources) {
    const YamlReader at(value, key.Mark(), (key_.empty() ? "" : key_ + ".") + "<<", source_);
    std::vector<YAML::Node> maps;
    if (value.IsSequence()) {
      for (const auto& item : value) maps.push_back(item);
    } else {
      maps.push_back(value);
    }
    for (const auto& map : maps) {
      if (!map.IsMap()) at.expected("a mapping or a list of mappings to merge");
      if (++merged > most_merges)
        at.fail(fmt::format("{} merges itself, or has too many merges", at.label()));
      for (const auto& pair : pairs(map, merged)) {
        if (!has(own, pair) && !has(result, pair)) result.push_back(pair);
      }
    }
  }
  for (const auto& pair : own) result.push_back(pair);
  return result;
}

std::vector<YamlReader::Pair> YamlReader::pairs() const {
  std::size_t merged = 0;
  return pairs(node_, merged);
}

std::vector<std::pair<std::string, YamlReader>> YamlReader::entries() const {
  if (!node_.IsMap()) expected("a mapping");
  std::vector<std::pair<std::string, YamlReader>> result;
  std::map<std::string, int> first_line;
  for (const auto& entry : pairs()) {
    const auto mark = entry.first.Mark();
    if (!entry.first.IsScalar()) {
      YamlReader(entry.first, mark, key_, source_)
          .fail(fmt::format("a key of {} is {}, expected a word", label(), kind_of(entry.first)));
    }
    const std::string name = entry.first.Scalar();
    // A key in a message must be a single line, too.
    const std::string shown = in_quotes(name);
    const std::string path = (key_.empty() ? "" : key_ + ".") + shown.substr(1, shown.size() - 2);
    // A null has no useful position, so it gets the key's.
    YamlReader value(entry.second, entry.second.IsNull() ? mark : entry.second.Mark(), path, source_);
    const auto [seen, is_new] = first_line.emplace(name, mark.line + 1);
    if (!is_new) {
      YamlReader(entry.first, mark, path, source_)
          .fail(fmt::format("\"{}\" appears twice, first in line {}", path, seen->second),
                "keep one of them");
    }
    result.emplace_back(name, std::move(value));
  }
  return result;
}

std::map<std::string, YamlReader> YamlReader::fields(std::span<const std::string> known) const {
  std::map<std::string, YamlReader> result;
  if (!node_.IsMap()) expected("a mapping with " + join(known, ", "));
  // Top-level keys for the user's own purposes, as in compose files: mostly anchors that are merged
  // elsewhere.
  const auto extension = [this](const std::string& name) { return key_.empty() && name.starts_with("x-"); };
  for (const auto& entry : pairs()) {  // before entries(), so that the error has the key's position
    if (!entry.first.IsScalar()) continue;
    const std::string name = entry.first.Scalar();
    if (extension(name)) continue;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = nearest(name, known);
    YamlReader(entry.first, entry.first.Mark(), key_, source_)
        .fail(fmt::format("unknown key {} in {}, expected one of {}", in_quotes(name), label(),
                          join(known, ", ")),
              near.empty() ? "" : fmt::format("did you mean \"{}\"?", near));
  }
  for (auto& [name, value] : entries()) {
    if (!extension(name)) result.emplace(name, std::move(value));
  }
  return result;
}

std::vector<YamlReader> YamlReader::items() const {
  if (!node_.IsSequence()) expected("a list");
  std::vector<YamlReader> result;
  for (const auto& item : node_) {
    result.push_back(YamlReader(item, item.IsNull() ? mark_ : item.Mark(),
                                fmt::format("{}[{}]", key_, result.size()), source_));
  }
  return result;
}

std::string YamlReader::text() const {
  if (!node_.IsScalar() || node_.Scalar().empty()) expected("a text");
  // Values are written to files of other programs (ssh_config, hosts), where each line is a statement.
  const auto& text = node_.Scalar();
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    expected("a text of one line");
  }
  return text;
}

bool YamlReader::boolean() const {
  if (node_.IsScalar() && node_.Scalar() == "true") return true;
  if (node_.IsScalar() && node_.Scalar() == "false") return false;
  expected("true or false");
}

std::uint16_t YamlReader::port() const {
  unsigned value = 0;
  if (!node_.IsScalar()) expected("a port between 1 and 65535");
  const std::string& digits = node_.Scalar();
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc{} || end != digits.data() + digits.size() || value < 1 || value > 65535) {
    expected("a port between 1 and 65535");
  }
  return static_cast<std::uint16_t>(value);
}

}  // namespace labctl::inventory
