#include "contract/caddyfile.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "contract/names.hpp"
#include "contract/site_address.hpp"

#include <algorithm>
#include <map>
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
  bool closes = false;   // exactly "}"
  bool comment = false;  // has one, which is not in `words`
};

// Splits the text into trimmed lines of words. Skips blank lines and removes comments and quotes; a line end
// in quotes continues the line.
class Lexer {
public:
  Lexer(std::string_view text, std::vector<std::string>* warnings)
      : rows_(lines(text)), warnings_(warnings) {}

  std::optional<Line> next() {
    const auto number = next_row();
    if (!number) return std::nullopt;
    line_ = {};
    line_.number = *number;
    word_.clear();
    quote_ = 0;
    in_word_ = word_quoted_ = opens_in_quotes_ = false;
    read(trim(rows_[at_++]));
    while (quote_ != 0) {
      if (at_ == rows_.size()) refuse_line(line_.number, "a quote is not closed");
      const std::string row = trim(rows_[at_++]);
      if (row.empty()) refuse_line(at_, "a blank line inside quotes");
      word_ += '\n';
      read(row);
    }
    end_word();
    if (opens_in_quotes_) refuse_line(line_.number, R"(a "{" at the end begins a block in quotes too)");
    line_.closes = line_.words.size() == 1 && line_.words.front() == "}" && !quoted_;
    return std::move(line_);
  }

  // The line number of the next row that is not blank; it stays unread.
  std::optional<std::size_t> next_row() {
    while (at_ < rows_.size() && trim(rows_[at_]).empty()) ++at_;
    if (at_ == rows_.size()) return std::nullopt;
    return at_ + 1;
  }

  void warn(std::size_t line, const std::string& what) {
    if (warnings_ != nullptr) warnings_->push_back("line " + std::to_string(line) + ": " + what);
  }

  // Once, although the end may be that of a block and of its site.
  void warn_of_end() {
    if (!std::exchange(warned_of_end_, true))
      warn(rows_.size(), "the text ends before its last }: what belongs to which block may not be as meant");
  }

private:
  void read(const std::string& row) {
    quoted_ = quote_ != 0;
    Surprises seen;
    for (char c : row) {
      if (c == '"' || c == '\'') {
        seen.other_quote |= quote_ != 0 && quote_ != c;
        seen.escape |= word_.ends_with('\\');
        seen.apostrophe |= quote_ == 0 && c == '\'' && in_word_;
        quote_ = quote_ == 0 ? c : '\0';
        quoted_ = in_word_ = word_quoted_ = true;
      } else if (c == ' ' && quote_ == 0) {
        end_word();
      } else if (c == '#' && quote_ == 0 && !in_word_) {
        line_.comment = true;
        break;
      } else {
        seen.tab |= c == '\t' && quote_ == 0;
        word_ += c;
        in_word_ = true;
      }
    }
    seen.variable = row.find("{$") != std::string::npos;
    tell(seen);
  }

  // What Caddy reads otherwise than the cluster.
  struct Surprises {
    bool other_quote = false, apostrophe = false, escape = false, tab = false, variable = false;
  };

  void tell(const Surprises& seen) {
    if (seen.other_quote) {
      warn(at_,
           R"(a ' inside of "…" (or a " inside of '…') is removed and ends the quotes, as each quote does)");
    } else if (seen.apostrophe) {
      warn(at_, "a ' inside of a word is removed, and begins quotes");
    }
    if (seen.escape)
      warn(at_, R"(a \ before a quote does not keep it: it is removed, and ends or begins the quotes)");
    if (seen.tab) warn(at_, "a tab does not separate words: write a space");
    if (seen.variable) warn(at_, "{$NAME} is not replaced by a variable");
  }

  void end_word() {
    if (in_word_) {
      opens_in_quotes_ = word_quoted_ && word_ == "{";
      line_.words.push_back(std::move(word_));
    }
    word_.clear();
    in_word_ = word_quoted_ = false;
  }

  std::vector<std::string> rows_;
  std::size_t at_ = 0;
  std::vector<std::string>* warnings_;
  Line line_;
  std::string word_;
  char quote_ = 0;                // the open one; the grammar closes it with either kind
  bool in_word_ = false;          // a token has begun, even if it is still empty ("")
  bool word_quoted_ = false;      // the token has quotes
  bool opens_in_quotes_ = false;  // the last token is "{" in quotes
  bool quoted_ = false;           // the row has quotes
  bool warned_of_end_ = false;
};

bool opens(const Line& line) { return !line.words.empty() && line.words.back() == "{"; }

std::vector<Tokens> parse_block(Lexer& lexer) {
  std::vector<Tokens> block;
  while (auto line = lexer.next()) {
    if (line->closes) return block;
    if (line->words.empty()) continue;  // a comment
    if (opens(*line)) refuse_line(line->number, "a block inside a block inside a site");
    block.push_back(std::move(line->words));
  }
  lexer.warn_of_end();
  return block;
}

std::vector<Directive> parse_body(Lexer& lexer) {
  std::vector<Directive> body;
  while (auto line = lexer.next()) {
    if (line->closes) return body;
    if (line->words.empty()) continue;  // a comment
    if (line->words.front() == "import") refuse_line(line->number, "'import' is not followed");
    Directive directive;
    const bool block = opens(*line);
    if (block) line->words.pop_back();
    if (line->words.empty()) refuse_line(line->number, "a block without a directive");
    directive.words = std::move(line->words);
    if (block) directive.block = parse_block(lexer);
    body.push_back(std::move(directive));
  }
  lexer.warn_of_end();
  return body;
}

bool has(const Site& site, std::string_view name) {
  return std::any_of(site.body.begin(), site.body.end(),
                     [&](const Directive& directive) { return directive.words.front() == name; });
}

// Caddy takes "{" and "}" alone for those of a block. At the end of another word a brace must belong to a
// placeholder or a regular expression: "{host}", "[0-9]{2}". A word with a space or a line end has quotes.
bool has_stray_brace(std::string_view word) {
  if (word.empty() || word.find_first_of(" \n") != std::string_view::npos) return false;
  if (word.back() != '{' && word.back() != '}') return false;
  return std::count(word.begin(), word.end(), '{') != std::count(word.begin(), word.end(), '}');
}

// A "#" at its begin would make the rest of the line a comment.
bool needs_quotes(std::string_view word) {
  return word.empty() || word.front() == '#' || word.find_first_of(" \n") != std::string_view::npos;
}

// Caddy knows escapes: a \ before the quote that ends the word keeps it open.
bool keeps_quote_open(std::string_view word) {
  const auto last = word.find_last_not_of('\\');
  const auto backslashes = word.size() - (last == std::string_view::npos ? 0 : last + 1);
  return needs_quotes(word) && backslashes % 2 == 1;
}

std::optional<std::string> word_of(const Directive& directive, bool (*is_it)(std::string_view)) {
  if (directive.words.front() == "log") return std::nullopt;  // always replaced
  const auto in = [&](const Tokens& words) -> std::optional<std::string> {
    const auto found = std::find_if(words.begin(), words.end(), is_it);
    if (found == words.end()) return std::nullopt;
    return *found;
  };
  if (auto word = in(directive.words)) return word;
  for (const auto& words : directive.block.value_or(std::vector<Tokens>{})) {
    if (auto word = in(words)) return word;
  }
  return std::nullopt;
}

std::string rendered(const Tokens& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(needs_quotes(word) ? "\"" + word + "\"" : word);
  return join(quoted, " ");
}

}  // namespace

std::vector<Site> parse_caddyfile(std::string_view text, std::vector<std::string>* warnings) {
  Lexer lexer(text, warnings);
  std::vector<Site> sites;
  Site site;
  bool continued = false;
  while (auto line = lexer.next()) {
    if (line->closes && !continued) {
      if (const auto unread = lexer.next_row())
        lexer.warn(*unread, "the } above closes nothing, so nothing is read from here on");
      break;
    }
    if (line->comment) refuse_line(line->number, "a comment is read only inside of a site's block");
    const bool block = opens(*line);
    if (block) line->words.pop_back();
    continued = !block && !line->words.empty() && line->words.back().ends_with(',');
    if (!block && !continued) refuse_line(line->number, "a site line must end in a separate '{'");
    for (auto& word : line->words) {
      if (word.ends_with(',')) word.pop_back();
      if (word.starts_with(',')) word.erase(0, 1);
      if (word.empty()) continue;
      if (word.starts_with('(')) refuse_line(line->number, "the snippet " + word + " is not followed");
      if (url_authority(word).empty()) {
        lexer.warn(line->number,
                   word + " has no scheme, so HAProxy does not lead to it: write http:// before it");
      }
      site.keys.push_back(std::move(word));
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

std::optional<std::string> stray_brace(const Directive& directive) {
  return word_of(directive, has_stray_brace);
}

std::optional<std::string> open_quote(const Directive& directive) {
  return word_of(directive, keeps_quote_open);
}

void unite_addresses(std::vector<Site>& sites, std::vector<std::string>& warnings) {
  std::map<std::string, std::pair<const Site*, std::string>> seen;
  for (auto& site : sites) {
    std::vector<std::string> keys;
    for (auto& key : site.keys) {
      const auto [place, is_new] = seen.try_emplace(site_address(key), &site, key);
      const auto& [other, other_key] = place->second;
      if (is_new) {
        keys.push_back(std::move(key));
      } else if (other != &site) {
        throw Error(Kind::invalid, "two sites have the same address: " + other_key + " and " + key);
      } else {
        warnings.push_back(key + " is the same address as " + other_key + ", and is left out");
      }
    }
    site.keys = std::move(keys);
  }
}

std::optional<std::string> duplicate_key(const std::vector<Site>& sites) {
  std::set<std::string> seen;
  for (const auto& key : site_keys(sites)) {
    if (!seen.insert(key).second) return key;
  }
  return std::nullopt;
}

}  // namespace labctl::contract
