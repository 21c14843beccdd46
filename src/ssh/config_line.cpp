#include "ssh/config_line.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace labctl::ssh {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view skip_blanks(std::string_view text) {
  const auto at = text.find_first_not_of(blanks);
  return at == std::string_view::npos ? std::string_view{} : text.substr(at);
}

// The keyword ends at a blank, at "=" or with a quoted part. One "=" may follow it, with blanks around.
std::string take_keyword(std::string_view& text) {
  const auto end = text.find_first_of(" \t\r\n\"=");
  std::string keyword(text.substr(0, end));
  if (end == std::string_view::npos) {
    text = {};
    return keyword;
  }
  const char delimiter = text[end];
  text.remove_prefix(end + 1);
  if (delimiter == '"') {
    const auto close = text.find('"');
    if (close == std::string_view::npos) throw Error(Kind::invalid, "a quote is not closed");
    keyword += text.substr(0, close);
    text = skip_blanks(text.substr(close + 1));
    return keyword;
  }
  text = skip_blanks(text);
  if (delimiter != '=' && text.starts_with('=')) text = skip_blanks(text.substr(1));
  return keyword;
}

// Takes one argument from `text` at `at`: single or double quotes, and a backslash before a quote, a
// backslash or (outside of quotes) a blank.
std::string take_argument(std::string_view text, std::size_t& at) {
  std::string word;
  char quote = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    const char next = at + 1 < text.size() ? text[at + 1] : '\0';
    if (c == '\\' && (next == '\'' || next == '"' || next == '\\' || (quote == 0 && next == ' '))) {
      word += next;
      ++at;
    } else if (quote == 0 && (c == ' ' || c == '\t')) {
      break;
    } else if (quote == 0 && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != 0 && c == quote) {
      quote = 0;
    } else {
      word += c;
    }
  }
  if (quote != 0) throw Error(Kind::invalid, "a quote is not closed");
  return word;
}

}  // namespace

std::optional<ConfigLine> read_config_line(std::string_view text) {
  // ssh accepts a form feed only at the end of a line. It ignores everything after a NUL.
  text = text.substr(0, text.find('\0'));
  const auto last = text.find_last_not_of(" \t\r\n\f");
  text = skip_blanks(text.substr(0, last == std::string_view::npos ? 0 : last + 1));
  if (text.empty() || text.starts_with('#')) return std::nullopt;
  ConfigLine line;
  line.keyword = lower(take_keyword(text));
  if (line.keyword.empty() && !text.empty()) line.keyword = lower(take_keyword(text));
  if (line.keyword.empty() || line.keyword.starts_with('#')) return std::nullopt;
  if (text.empty()) throw Error(Kind::invalid, line.keyword + " has no argument");
  line.rest = text;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
    } else if (text[at] == '#') {
      break;
    } else {
      line.arguments.push_back(take_argument(text, at));
    }
  }
  return line;
}

}  // namespace labctl::ssh
