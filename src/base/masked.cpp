#include "base/masked.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace labctl {
namespace {

constexpr std::string_view hidden = "***";
constexpr std::string_view blanks = " \t";
constexpr std::array<std::string_view, 8> secret_words{"password",   "passwd", "secret",  "token",
                                                       "access_key", "apikey", "api_key", "private_key"};

bool of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

bool is_secret(std::string_view name) {
  const auto small = lower(name);
  return std::any_of(secret_words.begin(), secret_words.end(),
                     [&](const auto& word) { return small.find(word) != std::string::npos; });
}

std::size_t skip_blanks(std::string_view line, std::size_t at) {
  return std::min(line.find_first_not_of(blanks, at), line.size());
}

std::size_t word_end(std::string_view line, std::size_t at) {
  return std::min(line.find_first_of(blanks, at), line.size());
}

// The end of a value that begins at `at`: that of its quotes, or what ends a word in shells, JSON and URLs.
std::size_t value_end(std::string_view line, std::size_t at) {
  std::size_t quote = at;
  while (quote < line.size() && line[quote] == '\\') ++quote;
  if (quote < line.size() && (line[quote] == '"' || line[quote] == '\'')) {
    const auto opening = line.substr(at, quote + 1 - at);  // with its backslashes, if it is inside of JSON
    const auto end = line.find(opening, quote + 1);
    return end == std::string_view::npos ? line.size() : end + opening.size();
  }
  return std::min(line.find_first_of(" \t,;&\"'}])\\", at), line.size());
}

// The name that ends before `at`, the place of a '=' or ':'; it may be in quotes.
std::string_view name_before(std::string_view line, std::size_t at) {
  auto end = at;
  while (end > 0 && (line[end - 1] == '"' || line[end - 1] == '\'' || line[end - 1] == '\\' ||
                     (line[at] == ':' && line[end - 1] == ' ')))
    --end;
  auto begin = end;
  while (begin > 0 && of_name(line[begin - 1])) --begin;
  return line.substr(begin, end - begin);
}

void hide(std::string& line, std::size_t begin, std::size_t end) {
  if (begin < end) line.replace(begin, end - begin, hidden);
}

// NAME=VALUE, NAME: VALUE, "NAME": "VALUE".
void mask_values(std::string& line) {
  for (std::size_t at = 0; (at = line.find_first_of("=:", at)) != std::string::npos; ++at) {
    if (!is_secret(name_before(line, at))) continue;
    const auto begin = line[at] == ':' ? skip_blanks(line, at + 1) : at + 1;
    const auto end = value_end(line, begin);
    hide(line, begin, end);
    at = begin;
    if (at >= line.size()) return;
  }
}

// --password VALUE
void mask_options(std::string& line) {
  for (std::size_t at = 0; (at = line.find("--", at)) != std::string::npos; at += 2) {
    auto end = at;
    while (end < line.size() && of_name(line[end])) ++end;
    if (end == line.size() || blanks.find(line[end]) == std::string_view::npos) continue;
    if (!is_secret(std::string_view(line).substr(at, end - at))) continue;
    const auto begin = skip_blanks(line, end);
    hide(line, begin, value_end(line, begin));
  }
}

// https://user:password@host; of http also the user alone, which is a token there.
void mask_urls(std::string& line) {
  for (std::size_t at = 0; (at = line.find("://", at)) != std::string::npos;) {
    const auto scheme_end = at;
    at += 3;
    const auto end = std::min(line.find_first_of("/?# \t\"'\\", at), line.size());
    const auto host = line.substr(at, end - at).rfind('@');
    if (host == std::string::npos) continue;
    const auto colon = line.substr(at, host).find(':');
    const bool web =
        line.substr(0, scheme_end).ends_with("http") || line.substr(0, scheme_end).ends_with("https");
    if (colon != std::string::npos) {
      hide(line, at + colon + 1, at + host);
    } else if (web) {
      hide(line, at, at + host);
    }
  }
}

// "Authorization: Basic dXNlcg=="
void mask_authorization(std::string& line) {
  constexpr std::string_view header = "authorization";
  const auto found = lower(line).find(header);
  if (found == std::string::npos) return;
  auto at = found + header.size();
  while (at < line.size() && (line[at] == '"' || line[at] == ':' || line[at] == ' ' || line[at] == '\\'))
    ++at;
  const auto scheme = lower(line.substr(at, word_end(line, at) - at));
  if (scheme == "basic" || scheme == "bearer") at = skip_blanks(line, word_end(line, at));
  hide(line, at, value_end(line, at));
}

// HAProxy: "user NAME password HASH", "user NAME insecure-password TEXT", "stats auth NAME:PASSWORD".
void mask_haproxy(std::string& line) {
  const auto first = skip_blanks(line, 0);
  const std::string_view rest = std::string_view(line).substr(first);
  if (rest.starts_with("user ")) {
    const auto found = line.find("password ", first);
    if (found == std::string::npos) return;
    const auto begin = skip_blanks(line, found + std::string_view("password ").size());
    hide(line, begin, word_end(line, begin));
  } else if (rest.starts_with("stats auth ")) {
    const auto colon = line.find(':', first);
    if (colon != std::string::npos) hide(line, colon + 1, word_end(line, colon));
  }
}

// The lines of a text, one after another, with what earlier lines mean for later ones.
class Mask {
public:
  std::string line(std::string_view given) {
    std::string line(given);
    if (in_key_) {
      in_key_ = line.find("-----END ") == std::string::npos;
      return in_key_ ? std::string(hidden) : line;
    }
    in_key_ = line.find("-----BEGIN ") != std::string::npos &&
              line.find("PRIVATE KEY-----") != std::string::npos &&
              line.find("-----END ") == std::string::npos;
    if (in_users_) {
      mask_user(line);
      return line;
    }
    mask_basic_auth(line);
    mask_haproxy(line);
    mask_authorization(line);
    mask_urls(line);
    mask_options(line);
    mask_values(line);
    return line;
  }

private:
  // Caddy: "basicauth /path NAME PASSWORD", "basicauth NAME PASSWORD {", "basic_auth {" with a user per line.
  void mask_basic_auth(std::string& line) {
    auto at = line.find("basicauth");
    if (at == std::string::npos) at = line.find("basic_auth");
    if (at == std::string::npos) return;
    const auto begin = skip_blanks(line, word_end(line, at));
    const auto end = std::min(line.find_first_of("{\"", begin), line.size());
    in_users_ = end < line.size() && line[end] == '{' && line.find('}', end) == std::string::npos;
    auto last = end;
    while (last > begin && blanks.find(line[last - 1]) != std::string_view::npos) --last;
    hide(line, begin, last);
  }

  void mask_user(std::string& line) {
    const auto name = skip_blanks(line, 0);
    if (name < line.size() && line[name] == '}') {
      in_users_ = false;
      return;
    }
    const auto begin = skip_blanks(line, word_end(line, name));
    hide(line, begin, line.size());
  }

  bool in_key_ = false;
  bool in_users_ = false;
};

}  // namespace

std::string masked(std::string_view text) {
  std::string result;
  Mask mask;
  // Inside of JSON, an end of line is the two characters "\n".
  while (true) {
    const auto real = text.find('\n');
    const auto written = text.find("\\n");
    const auto end = std::min(real, written);
    result += mask.line(text.substr(0, end));
    if (end == std::string_view::npos) return result;
    const auto length = end == real ? std::size_t{1} : std::size_t{2};
    result += text.substr(end, length);
    text.remove_prefix(end + length);
  }
}

}  // namespace labctl
