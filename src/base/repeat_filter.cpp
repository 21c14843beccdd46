#include "base/repeat_filter.hpp"

#include <cctype>

namespace labctl {
namespace {

constexpr auto minute = std::chrono::minutes(1);

// The text without numbers of seconds.
std::string key_of(std::string_view text) {
  std::string key;
  std::size_t number = std::string::npos;  // where a number begins in the key
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    const bool in_number = std::isdigit(static_cast<unsigned char>(letter)) != 0 || letter == '.';
    if (in_number && number == std::string::npos) number = key.size();
    if (!in_number && number != std::string::npos) {
      const auto rest = text.substr(i, 3);
      const bool seconds = rest.starts_with(" s") && (rest.size() == 2 || !std::isalnum(rest[2]));
      if (seconds) key.resize(number);
      number = std::string::npos;
    }
    key += letter;
  }
  return key;
}

std::string with_count(const std::string& text, std::size_t count) {
  return count == 0 ? text : text + " (and " + std::to_string(count) + " times before this)";
}

}  // namespace

std::vector<std::string> RepeatFilter::pass(std::string_view text, Clock::time_point now) {
  const std::string key = key_of(text);
  std::vector<std::string> lines;
  for (auto it = seen_.begin(); it != seen_.end();) {
    const Seen& seen = it->second;
    if (it->first == key || now - seen.written < minute) {
      ++it;
      continue;
    }
    if (seen.held_back > 0)
      lines.push_back(seen.text + " (" + std::to_string(seen.held_back) + " times more)");
    it = seen_.erase(it);
  }
  const auto [found, is_new] = seen_.try_emplace(key, Seen{std::string(text), now});
  Seen& seen = found->second;
  if (!is_new && now - seen.written < minute) {
    ++seen.held_back;
    return lines;
  }
  lines.push_back(with_count(std::string(text), seen.held_back));
  seen = {std::string(text), now};
  return lines;
}

}  // namespace labctl
