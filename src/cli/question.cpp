#include "cli/question.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace labctl::cli {

bool is_yes(std::string_view answer) { return lower(trim(answer)) == "yes"; }

bool confirmed(const std::string& question) {
  if (::isatty(STDIN_FILENO) != 1) {
    throw Error(Kind::usage, "there is no terminal to ask on; nothing was done", {},
                "--yes answers the question");
  }
  fmt::print(stderr, "{}\nType yes to go on: ", question);
  std::fflush(stderr);
  std::string answer;
  while (true) {
    pollfd waits[2] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_fd(), POLLIN, 0}};
    const int ready = ::poll(waits, 2, -1);
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait for the answer");
    throw_if_interrupted();
    if (ready <= 0 || waits[0].revents == 0) continue;
    char c = 0;
    const auto count = ::read(STDIN_FILENO, &c, 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0 || c == '\n') return is_yes(answer);
    answer += c;
  }
}

}  // namespace labctl::cli
