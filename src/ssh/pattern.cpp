#include "ssh/pattern.hpp"

#include "base/text.hpp"

#include <cctype>
#include <string>

namespace labctl::ssh {
namespace {

bool same(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

}  // namespace

bool match_pattern(std::string_view text, std::string_view pattern) {
  // Greedy with one point of return, so that no pattern takes exponential time.
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

bool match_pattern_list(std::string_view text, std::string_view list) {
  bool found = false;
  for (const std::string& pattern : split(list, ',')) {
    if (pattern.starts_with('!')) {
      if (match_pattern(text, std::string_view(pattern).substr(1))) return false;
    } else if (!pattern.empty() && match_pattern(text, pattern)) {
      found = true;
    }
  }
  return found;
}

}  // namespace labctl::ssh
