#pragma once

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace labctl::inventory {

// A position in a YAML document. It knows file, line, column and the path of keys, so that every problem is
// Error{invalid} with `where` "FILE:LINE:COLUMN" and a text that names the key.
class YamlReader {
public:
  // The only document of the text. Errors: not YAML, no document, several documents.
  static YamlReader document(const std::string& yaml, const std::filesystem::path& source);

  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;

  const std::string& key() const { return key_; }  // "nodes.core1.port"; "" for the document

  // The mapping's entries in file order, each key once; any key is allowed. Includes the entries of a merge
  // key (`<<: *base`, `<<: [*one, *two]`) as in YAML 1.1: the mapping's own entries win, then those of the
  // first.
  std::vector<std::pair<std::string, YamlReader>> entries() const;
  // The mapping's entries; a key that is not `known` is an error that suggests the nearest. Top-level keys
  // "x-..." are skipped.
  std::map<std::string, YamlReader> fields(std::span<const std::string> known) const;
  std::vector<YamlReader> items() const;  // of a list

  bool absent() const { return node_.IsNull(); }  // `key:` with nothing after it, or ~
  bool is_list() const { return node_.IsSequence(); }
  std::string text() const;  // not empty, one line
  bool boolean() const;
  std::uint16_t port() const;

private:
  using Pair = std::pair<YAML::Node, YAML::Node>;

  YamlReader(const YAML::Node& node, YAML::Mark mark, std::string key, std::string source);
  std::string label() const;  // "\"nodes.core1\"" or "the inventory"
  [[noreturn]] void expected(const std::string& what) const;

  std::vector<Pair> pairs() const;
  std::vector<Pair> pairs(const YAML::Node& mapping, std::size_t& merged) const;

  YAML::Node node_;
  YAML::Mark mark_;
  std::string key_;
  std::string source_;
};

// The text in quotes, on one line, shortened if long: safe to print for any file content.
std::string in_quotes(const std::string& text);

}  // namespace labctl::inventory
