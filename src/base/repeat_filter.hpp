#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace labctl {

// Keeps a log short when one cause is reported again and again: the same text is passed once a minute, then
// with the number of times that it was held back. Numbers of seconds ("within 8.1 s") do not make a text
// different. Reads no clock.
class RepeatFilter {
public:
  using Clock = std::chrono::steady_clock;

  // The lines to write now, in order: held back ones whose minute is over, then `text` unless it is held
  // back.
  std::vector<std::string> pass(std::string_view text, Clock::time_point now);

private:
  struct Seen {
    std::string text;
    Clock::time_point written;
    std::size_t held_back = 0;
  };
  std::map<std::string, Seen> seen_;
};

}  // namespace labctl
