#include "agent/caddy/directives.hpp"
#include "agent/caddy/paths.hpp"

#include <cctype>
#include <string>
#include <string_view>
#include <vector>

// `rewrite` of Caddy 1 (caddyserver.com/v1/docs/rewrite): a simple rule `rewrite [not] REGEX TO...`, or
// `rewrite [BASE] { r REGEX; to TO... }`. Of several targets the first that is a file counts, else the last.
namespace labctl::agent {

using contract::Directive;
using contract::Tokens;

namespace {

struct Rule {
  std::string base = "/";
  std::string regex;
  bool negated = false;
  Tokens targets;
  std::string unknown;  // a word of the block that is not understood
};

Rule read_rule(const Directive& directive) {
  Rule rule;
  Tokens words(directive.words.begin() + 1, directive.words.end());
  if (!directive.block) {
    rule.negated = !words.empty() && words.front() == "not";
    if (rule.negated) words.erase(words.begin());
    if (words.size() < 2) return rule;
    rule.regex = words.front();
    rule.targets.assign(words.begin() + 1, words.end());
    return rule;
  }
  if (!words.empty()) rule.base = words.front();
  for (const auto& row : *directive.block) {
    if ((row[0] == "r" || row[0] == "regexp") && row.size() == 2) {
      rule.regex = row[1];
    } else if (row[0] == "to" && row.size() >= 2) {
      rule.targets.assign(row.begin() + 1, row.end());
    } else if (rule.unknown.empty()) {
      rule.unknown = row[0];
    }
  }
  return rule;
}

// Caddy 1 compares the regular expression with what follows the base, from its final slash on.
std::string for_whole_path(const Rule& rule) {
  std::string_view base = rule.base;
  if (base.ends_with('/')) base.remove_suffix(1);
  if (base.empty()) return rule.regex;
  const bool anchored = rule.regex.starts_with('^');
  return "^" + literal(base) + (anchored ? "" : ".*?") + "(?:" + rule.regex.substr(anchored ? 1 : 0) + ")";
}

// "{1}" is the first group of the regular expression.
std::string with_groups(const std::string& target, const std::string& name) {
  std::string text;
  for (std::size_t at = 0; at < target.size(); ++at) {
    const bool group = target[at] == '{' && at + 2 < target.size() &&
                       std::isdigit(static_cast<unsigned char>(target[at + 1])) != 0 && target[at + 2] == '}';
    text += group ? "{re." + name + "." : std::string(1, target[at]);
  }
  return text;
}

}  // namespace

std::string literal(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (std::string_view(R"(\.+*?()|[]{}^$)").find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

std::string SiteWriter::matcher(const std::string& name, const std::vector<Tokens>& conditions) {
  if (conditions.empty()) return "*";
  open({"@" + name});
  for (const auto& condition : conditions) line(condition);
  close();
  return "@" + name;
}

void SiteWriter::rewrite(const Directive& directive) {
  auto rule = read_rule(directive);
  if (!rule.unknown.empty())
    return close_paths({rule.base}, "'rewrite' with '" + rule.unknown + "' is not understood");
  if (rule.targets.empty()) return warn("'rewrite' without target left out");
  const auto name = matcher_name();
  std::vector<Tokens> conditions;
  if (!whole_site(rule.base)) conditions.push_back({"path", prefix(rule.base)});
  if (rule.negated) {
    conditions.push_back({"not", "path_regexp", rule.regex});
  } else if (!rule.regex.empty()) {
    conditions.push_back({"path_regexp", name, for_whole_path(rule)});
    for (auto& target : rule.targets) target = with_groups(target, name);
  }
  const auto last = rule.targets.back();
  rule.targets.pop_back();
  if (!rule.targets.empty()) {
    // Caddy 2 does only the first rewrite of a site that matches.
    auto file = conditions;
    file.push_back({"file"});
    for (const auto& target : rule.targets) file.back().push_back(target.substr(0, target.find('?')));
    line({"rewrite", matcher(name + "f", file), "{http.matchers.file.relative}"});
  }
  line({"rewrite", matcher(name, conditions), last});
}

}  // namespace labctl::agent
