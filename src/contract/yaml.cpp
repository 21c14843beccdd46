#include "contract/yaml.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <regex>

namespace labctl::contract {
namespace {

using Json = nlohmann::ordered_json;

constexpr int max_depth = 64;
constexpr int max_nodes = 20'000;

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::optional<Json> integer(std::string text) {
  text = replace_all(text, "_", "");
  const bool negative = text.starts_with('-');
  std::string_view digits = text;
  if (negative || text.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.starts_with("0b")) {
    base = 2;
    digits.remove_prefix(2);
  } else if (digits.starts_with("0x")) {
    base = 16;
    digits.remove_prefix(2);
  } else if (digits.size() > 1 && digits.front() == '0') {
    base = 8;
  }
  long long value = 0;
  for (const auto& part : split(digits, ':')) {  // base 60 if there is more than one part
    long long number = 0;
    const auto [end, code] = std::from_chars(part.data(), part.data() + part.size(), number, base);
    if (code != std::errc{} || end != part.data() + part.size()) return std::nullopt;
    if (value > (std::numeric_limits<long long>::max() - number) / 60) return std::nullopt;
    value = value * 60 + number;
  }
  return Json(negative ? -value : value);
}

// The implicit types of YAML 1.1 for a scalar without quotes or tag.
Json plain_scalar(const std::string& text) {
  if (text.empty() || one_of(text, {"~", "null", "Null", "NULL"})) return nullptr;
  if (one_of(text, {"yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"})) return true;
  if (one_of(text, {"no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"})) return false;
  // A long text is a string. This also limits the input of the regular expressions below.
  if (text.size() > 40) return text;
  static const std::regex whole(
      "[-+]?(0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)");
  static const std::regex decimal(
      "[-+]?([0-9][0-9_]*)\\.[0-9_]*([eE][-+][0-9]+)?|\\.[0-9][0-9_]*([eE][-+][0-9]+)?");
  if (std::regex_match(text, whole)) {
    if (auto value = integer(text)) return *value;
  }
  if (std::regex_match(text, decimal)) {
    const double value = std::strtod(replace_all(text, "_", "").c_str(), nullptr);
    if (std::isfinite(value)) return value;
  }
  return text;
}

class YamlConverter {
public:
  explicit YamlConverter(const std::string& where) : where_(where) {}

  Json read(const YAML::Node& node, int depth = 0) {
    if (depth > max_depth) refuse("nested too deeply, or an alias within itself");
    if (++nodes_ > max_nodes) refuse("too large");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        return scalar(node);
      case YAML::NodeType::Sequence: {
        Json list = Json::array();
        for (const auto& item : node) list.push_back(read(item, depth + 1));
        return list;
      }
      case YAML::NodeType::Map:
        return map(node, depth);
      default:
        return nullptr;
    }
  }

private:
  [[noreturn]] void refuse(const std::string& what) { throw Error(Kind::invalid, "YAML: " + what, where_); }

  static Json scalar(const YAML::Node& node) {
    const std::string& tag = node.Tag();
    // "?" is a plain scalar, "!" a quoted one.
    if (tag.empty() || tag == "?") return plain_scalar(node.Scalar());
    if (tag == "tag:yaml.org,2002:null") return nullptr;
    if (one_of(tag, {"tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:float"})) {
      return plain_scalar(node.Scalar());
    }
    return node.Scalar();
  }

  Json map(const YAML::Node& node, int depth) {
    Json own = Json::object();
    Json merged = Json::object();
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) refuse("a mapping key is not a plain value");
      const std::string key = entry.first.Scalar();
      if (key == "<<" && entry.first.Tag() != "!") {
        merge(merged, read(entry.second, depth + 1));
      } else {
        own[key] = read(entry.second, depth + 1);
      }
    }
    if (merged.empty()) return own;
    for (auto& [key, value] : own.items()) merged[key] = value;
    return merged;
  }

  // Of several merged mappings the earlier one wins.
  void merge(Json& into, const Json& value) {
    if (value.is_array()) {
      for (const auto& item : value) merge(into, item);
    } else if (value.is_object()) {
      for (const auto& [key, item] : value.items()) {
        if (!into.contains(key)) into[key] = item;
      }
    } else {
      refuse("only mappings can be merged");
    }
  }

  const std::string& where_;
  int nodes_ = 0;
};

}  // namespace

nlohmann::ordered_json parse_yaml(std::string_view text, const std::string& where) {
  try {
    return YamlConverter(where).read(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    throw Error(Kind::invalid, std::string("YAML: ") + error.what(), where);
  }
}

}  // namespace labctl::contract
