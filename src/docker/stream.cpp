#include "docker/stream.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <utility>

namespace labctl::docker {
namespace {

constexpr std::size_t head_size = 8;

unsigned byte_at(const std::string& text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

void Demultiplexer::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (left_ > 0) {
      const auto part = bytes.substr(0, left_);
      into_->append(part);
      left_ -= static_cast<std::uint32_t>(part.size());
      bytes.remove_prefix(part.size());
      continue;
    }
    const auto part = bytes.substr(0, head_size - head_.size());
    head_.append(part);
    bytes.remove_prefix(part.size());
    if (head_.size() < head_size) return;
    if (byte_at(head_, 0) > 2 || byte_at(head_, 1) != 0 || byte_at(head_, 2) != 0 || byte_at(head_, 3) != 0) {
      throw Error(Kind::invalid, "Docker's output stream has an invalid frame");
    }
    into_ = byte_at(head_, 0) == 2 ? &err : &out;
    left_ = byte_at(head_, 4) << 24 | byte_at(head_, 5) << 16 | byte_at(head_, 6) << 8 | byte_at(head_, 7);
    head_.clear();
  }
}

bool LineSplitter::feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line) {
  rest_.append(bytes);
  std::size_t start = 0;
  for (auto end = rest_.find('\n'); end != std::string::npos; end = rest_.find('\n', start)) {
    std::string_view line(rest_.data() + start, end - start);
    start = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty() && !on_line(line)) {
      rest_.clear();
      return false;
    }
  }
  rest_.erase(0, start);
  return true;
}

bool LogLines::feed(std::string_view bytes, const std::function<bool(std::string_view)>& on_line) {
  if (tty_) return out_.feed(bytes, on_line);
  streams_.feed(bytes);
  return out_.feed(std::exchange(streams_.out, {}), on_line) &&
         err_.feed(std::exchange(streams_.err, {}), on_line);
}

}  // namespace labctl::docker
