#include "runner/screen.hpp"

#include "base/table.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <utility>

namespace labctl::runner {
namespace {

struct Size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

Size size_of(std::FILE* terminal) {
  ::winsize size{};
  if (::ioctl(::fileno(terminal), TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

// Control sequences of ECMA-48 (5th edition): CUU moves up, EL clears the rest of a line, ED what is below.
constexpr const char* to_begin = "\r";
constexpr const char* clear_rest_of_line = "\033[K";
constexpr const char* clear_below = "\033[J";

std::string up(std::size_t lines) { return lines > 0 ? fmt::format("\033[{}A", lines) : ""; }

}  // namespace

Screen::~Screen() { erase(); }

void Screen::erase() {
  if (drawn_ == 0) return;
  std::fputs((to_begin + up(drawn_ - 1) + clear_below).c_str(), status_);
  std::fflush(status_);
  drawn_ = 0;
}

// Over the old status, without erasing it first: erasing would flicker.
void Screen::draw() {
  if (status_ == nullptr) return;
  if (lines_.empty()) return erase();
  const auto size = size_of(status_);
  const auto count = std::min(lines_.size(), std::max<std::size_t>(size.rows, 2) - 1);
  std::string text = drawn_ > 0 ? to_begin + up(drawn_ - 1) : "";
  for (std::size_t i = 0; i < count; ++i) {
    // The last lines are the most important. The last column stays free: some terminals wrap there.
    const auto& line = lines_[lines_.size() - count + i];
    text += (i > 0 ? "\n" : "") + cut(line, size.columns - 1) + clear_rest_of_line;
  }
  std::fputs((text + clear_below).c_str(), status_);
  std::fflush(status_);
  drawn_ = count;
}

void Screen::print(const std::string& text) {
  if (text.empty()) return;
  erase();
  std::fputs(text.c_str(), out_);
  std::fflush(out_);
  draw();
}

void Screen::show(std::vector<std::string> lines) {
  lines_ = std::move(lines);
  draw();
}

}  // namespace labctl::runner
