#pragma once

#include <string>
#include <utility>

namespace labctl {

// A text that must not be printed or written, such as a token: no output operator, formatter or JSON
// conversion takes it.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }
  // Only for whoever sends it to the peer that it is for.
  const std::string& reveal() const { return text_; }

  bool operator==(const Secret&) const = default;

private:
  std::string text_;
};

}  // namespace labctl
