#include "ssh/key_options.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace labctl::ssh {

std::optional<KeyOptions> read_key_options(std::string_view debug_message) {
  constexpr std::string_view title = ": key options:";
  constexpr std::size_t longest_place = 4096;
  const auto at = debug_message.find(title);
  if (at == std::string_view::npos || at > longest_place) return std::nullopt;
  const auto words = split(trim(debug_message.substr(at + title.size())), ' ');
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return KeyOptions{std::string(debug_message.substr(0, at)), has("port-forwarding"), has("permitopen"),
                    has("command")};
}

}  // namespace labctl::ssh
