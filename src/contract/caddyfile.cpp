#include "contract/caddyfile.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/names.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace labctl::contract {
namespace {

constexpr std::string_view https_log = "{hostonly} - {combined}";
constexpr std::string_view http_log =
    "{hostonly} - {>X-Forwarded-For} - {user} [{when}] \\\"{method} {uri} {proto}\\\" {status} {size} "
    "\\\"{>Referer}\\\" \\\"{>User-Agent}\\\"";

[[noreturn]] void refuse_line(std::size_t line, const std::string& what) {
  throw Error(Kind::invalid, what, "CADDYFILE, line " + std::to_string(line));
}

struct Line {
  std::size_t number = 0;
  Tokens words;
  bool closes = false;  // exactly "}"
};

// Splits the text into trimmed lines of words. Skips blank lines and removes quotes; a line end in quotes
// continues the line.
class Lexer {
public:
  explicit Lexer(std::string_view text) : rows_(lines(text)) {}

  std::optional<Line> next() {
    while (at_ < rows_.size() && trim(rows_[at_]).empty()) ++at_;
    if (at_ == rows_.size()) return std::nullopt;
    Line line;
    line.number = at_ + 1;
    std::string row = trim(rows_[at_++]);
    line.closes = row == "}";
    std::string word;
    bool quoted = false;
    bool any = false;  // a token has begun, even if it is still empty ("")
    for (;;) {
      for (char c : row) {
        if (c == '"' || c == '\'') {
          quoted = !quoted;
          any = true;
        } else if (c == ' ' && !quoted) {
          if (any) line.words.push_back(std::move(word));
          word.clear();
          any = false;
        } else {
          word += c;
          any = true;
        }
      }
      if (!quoted) break;
      if (at_ == rows_.size()) refuse_line(line.number, "a quote is not closed");
      row = trim(rows_[at_++]);
      if (row.empty()) refuse_line(at_, "a blank line inside quotes");
      word += '\n';
    }
    if (any) line.words.push_back(std::move(word));
    return line;
  }

private:
  std::vector<std::string> rows_;
  std::size_t at_ = 0;
};

bool opens(const Line& line) { return !line.words.empty() && line.words.back() == "{"; }

std::vector<Tokens> parse_block(Lexer& lexer) {
  std::vector<Tokens> block;
  while (auto line = lexer.next()) {
    if (line->closes) break;
    if (opens(*line)) refuse_line(line->number, "a block inside a block inside a site");
    block.push_back(std::move(line->words));
  }
  return block;
}

std::vector<Directive> parse_body(Lexer& lexer) {
  std::vector<Directive> body;
  while (auto line = lexer.next()) {
    if (line->closes) break;
    Directive directive;
    const bool block = opens(*line);
    if (block) line->words.pop_back();
    if (line->words.empty()) refuse_line(line->number, "a block without a directive");
    directive.words = std::move(line->words);
    if (block) directive.block = parse_block(lexer);
    body.push_back(std::move(directive));
  }
  return body;
}

bool has(const Site& site, std::string_view name) {
  return std::any_of(site.body.begin(), site.body.end(),
                     [&](const Directive& directive) { return directive.words.front() == name; });
}

std::string rendered(const Tokens& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) {
    const bool plain = !word.empty() && word.find_first_of(" \n") == std::string::npos;
    quoted.push_back(plain ? word : "\"" + word + "\"");
  }
  return join(quoted, " ");
}

}  // namespace

std::vector<Site> parse_caddyfile(std::string_view text) {
  Lexer lexer(text);
  std::vector<Site> sites;
  Site site;
  bool continued = false;
  while (auto line = lexer.next()) {
    if (line->closes && !continued) break;
    const bool block = opens(*line);
    if (block) line->words.pop_back();
    continued = !block && !line->words.empty() && line->words.back().ends_with(',');
    if (!block && !continued) refuse_line(line->number, "a site line must end in a separate '{'");
    for (auto& word : line->words) {
      if (word.ends_with(',')) word.pop_back();
      if (word.starts_with(',')) word.erase(0, 1);
      if (!word.empty()) site.keys.push_back(std::move(word));
    }
    if (!block) continue;
    if (site.keys.empty()) refuse_line(line->number, "a site without a key");
    site.body = parse_body(lexer);
    sites.push_back(std::exchange(site, {}));
  }
  if (continued) throw Error(Kind::invalid, "the text ends within the keys of a site", "CADDYFILE");
  return sites;
}

void apply_defaults(Site& site) {
  const bool https = !site.keys.empty() && site.keys.front().starts_with("https://");
  std::erase_if(site.body, [](const Directive& directive) { return directive.words.front() == "log"; });
  for (auto& directive : site.body) {
    if (directive.words.front() != "proxy") continue;
    directive.block = {{"websocket"}, {"insecure_skip_verify"}};
    if (https) {
      directive.block->push_back({"transparent"});
    } else {
      directive.block->push_back({"header_upstream", "Host", "{host}"});
      directive.block->push_back({"header_upstream", "X-Real-IP", "{remote}"});
      directive.block->push_back({"header_upstream", "X-Forwarded-Proto", "{scheme}"});
    }
  }
  if (!has(site, "gzip")) site.body.push_back({{"gzip"}, std::nullopt});
  if (!has(site, "timeouts")) site.body.push_back({{"timeouts", "300s"}, std::nullopt});
  site.body.push_back({{"log", "/", "stdout", std::string(https ? https_log : http_log)}, std::nullopt});
}

std::string render_caddyfile(const std::vector<Site>& sites) {
  std::vector<std::string> texts;
  for (const auto& site : sites) {
    std::string text = join(site.keys, ", ") + " {\n";
    for (const auto& directive : site.body) {
      text += "    " + rendered(directive.words);
      if (directive.block) {
        text += " {\n";
        for (const auto& words : *directive.block) text += "        " + rendered(words) + "\n";
        text += "    }";
      }
      text += "\n";
    }
    texts.push_back(text + "}");
  }
  return join(texts, "\n");
}

std::vector<std::string> site_keys(const std::vector<Site>& sites) {
  std::vector<std::string> keys;
  for (const auto& site : sites) keys.insert(keys.end(), site.keys.begin(), site.keys.end());
  return keys;
}

std::vector<std::string> site_domains(const std::vector<Site>& sites) {
  std::vector<std::string> domains;
  for (const auto& key : site_keys(sites)) {
    std::string domain = url_authority(key);
    if (!domain.empty() && std::find(domains.begin(), domains.end(), domain) == domains.end()) {
      domains.push_back(std::move(domain));
    }
  }
  return domains;
}

std::optional<std::string> duplicate_key(const std::vector<Site>& sites) {
  std::set<std::string> seen;
  for (const auto& key : site_keys(sites)) {
    if (!seen.insert(key).second) return key;
  }
  return std::nullopt;
}

}  // namespace labctl::contract
