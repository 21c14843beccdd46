#pragma once

#include <cstdio>
#include <string>
#include <vector>

namespace labctl::runner {

// The output of a run: text on one stream, and on a terminal, always below it, a status on another stream.
// Not thread-safe. The streams must outlive it. The destructor erases the status.
class Screen {
public:
  // `status`: a terminal; null: there is no status, and show() does nothing.
  explicit Screen(std::FILE* out, std::FILE* status = nullptr) : out_(out), status_(status) {}
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Whole lines; flushed. What is written to a closed pipe or a full disk is lost; the stream's error
  // indicator is set.
  void print(const std::string& text);
  // Replaces the status. Lines that are wider than the terminal are cut; no lines: no status.
  void show(std::vector<std::string> lines);

private:
  void erase();
  void draw();

  std::FILE* out_;
  std::FILE* status_;
  std::vector<std::string> lines_;
  std::size_t drawn_ = 0;  // lines of the terminal that the status has
};

}  // namespace labctl::runner
