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

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(": ")); }

}  // namespace

std::vector<RepeatFilter::Line> RepeatFilter::pass(std::string_view text, int level, Clock::time_point now) {
  Last message{key_of(text), {level, std::string(text)}, now};
  const auto [place, is_new] = last_.try_emplace(std::string(first_word(text)), message);
  if (is_new) return {message.line};
  Last& last = place->second;
  const bool repeated = last.key == message.key;
  if (repeated && now - last.written < minute) {
    ++last.held_back;
    return {};
  }
  std::vector<Line> lines{message.line};
  const std::string count = std::to_string(last.held_back);
  if (last.held_back > 0 && repeated) lines[0].text += " (and " + count + " times before this)";
  if (last.held_back > 0 && !repeated)
    lines.insert(lines.begin(), Line{last.line.level, last.line.text + " (" + count + " times more)"});
  last = std::move(message);
  return lines;
}

}  // namespace labctl
