#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace labctl {

// Keeps a log short when one cause is reported again and again. A message speaks of its first word
// ("core1:"). If the message before it about the same thing had the same text, it is written once a minute,
// with the number of times that it was held back; after any other message it is news, and written at once.
// Numbers of seconds ("within 8.1 s") do not make a text different. Reads no clock.
class RepeatFilter {
public:
  using Clock = std::chrono::steady_clock;

  struct Line {
    int level = 0;  // of the message, as given to pass()
    std::string text;

    bool operator==(const Line&) const = default;
  };

  // The lines to write now, in order: the number of held back messages, if `text` is news, then `text` unless
  // it is held back.
  std::vector<Line> pass(std::string_view text, int level, Clock::time_point now);

private:
  struct Last {
    std::string key;  // the text without numbers of seconds
    Line line;
    Clock::time_point written;
    std::size_t held_back = 0;
  };
  std::map<std::string, Last> last_;  // by first word
};

}  // namespace labctl
