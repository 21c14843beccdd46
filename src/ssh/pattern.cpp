#include "ssh/pattern.hpp"

#include "base/text.hpp"

#include <cctype>
#include <string>

namespace labctl::ssh {
namespace {

using Same = bool (*)(char, char);

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool same_byte(char a, char b) { return a == b; }

bool match(std::string_view text, std::string_view pattern, Same same) {
  // Greedy; backtracks only to the last "*", so that no pattern takes exponential time.
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool match_list(std::string_view text, std::string_view list, Same same) {
  bool found = false;
  for (const std::string& pattern : split(list, ',')) {
    if (pattern.starts_with('!')) {
      if (match(text, std::string_view(pattern).substr(1), same)) return false;
    } else if (!pattern.empty() && match(text, pattern, same)) {
      found = true;
    }
  }
  return found;
}

}  // namespace

bool match_pattern(std::string_view text, std::string_view pattern) {
  return match(text, pattern, same_letter);
}

bool match_pattern_list(std::string_view text, std::string_view list) {
  return match_list(text, list, same_letter);
}

bool match_exact(std::string_view text, std::string_view pattern) { return match(text, pattern, same_byte); }

bool match_exact_list(std::string_view text, std::string_view list) {
  return match_list(text, list, same_byte);
}

}  // namespace labctl::ssh
