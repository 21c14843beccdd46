#include "base/process_start.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace labctl {

unsigned long long process_start(const std::string& stat) {
  // The second field is the program's name in parentheses, which may contain any character.
  const auto fields = split(stat.substr(std::min(stat.rfind(')') + 2, stat.size())), ' ');
  constexpr std::size_t start = 19;  // field 22; fields[0] is the third field
  unsigned long long ticks = 0;
  if (fields.front() == "Z" || fields.front() == "X") return 0;
  if (fields.size() > start)
    std::from_chars(fields[start].data(), fields[start].data() + fields[start].size(), ticks);
  return ticks;
}

}  // namespace labctl
