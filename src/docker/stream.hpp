#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace labctl::docker {

// Splits Docker's multiplexed stream of a container without a TTY: frames of an 8-byte header (stream number,
// three zeros, length in network order) and that many bytes, in pieces of any size.
class Demultiplexer {
public:
  std::string out;
  std::string err;

  // Error{invalid} for an invalid header.
  void feed(std::string_view bytes);
  // Whether the last frame is complete.
  bool complete() const { return head_.empty() && left_ == 0; }

private:
  std::string head_;
  std::uint32_t left_ = 0;
  std::string* into_ = nullptr;
};

// Splits a stream that arrives in pieces of any size into complete lines.
class LineSplitter {
public:
  // Calls `on_line` for each complete line, without "\n" or "\r\n" and unless it is empty, until it returns
  // false; then returns false.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line);

private:
  std::string rest_;
};

// Splits the log of a container into complete lines. The log of one with a TTY has no frames.
class LogLines {
public:
  explicit LogLines(bool tty) : tty_(tty) {}

  // As LineSplitter. Error{invalid} for an invalid frame.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line);

private:
  bool tty_;
  Demultiplexer streams_;
  LineSplitter out_, err_;
};

}  // namespace labctl::docker
