#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace labctl::docker {

// Takes apart Docker's multiplexed stream of a container without a TTY: frames of an 8-byte head (stream
// number, three zeros, length in network order) and that many bytes, cut anywhere by the transport.
class Demultiplexer {
public:
  std::string out;
  std::string err;

  // Error{invalid} for a head that no engine sends.
  void feed(std::string_view bytes);
  // Whether the last frame is whole.
  bool complete() const { return head_.empty() && left_ == 0; }

private:
  std::string head_;
  std::uint32_t left_ = 0;
  std::string* into_ = nullptr;
};

// Hands on whole lines of a stream that is cut anywhere.
class LineSplitter {
public:
  // Calls `on_line` for each line that is complete, without its end, until it returns false; returns false
  // then.
  bool feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line);

private:
  std::string rest_;
};

}  // namespace labctl::docker
