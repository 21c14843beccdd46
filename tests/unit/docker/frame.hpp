#pragma once

#include <string>

namespace labctl::docker::test {

// One frame of the engine's multiplexed stream: the stream's number, three zeros, the length in four bytes.
inline std::string frame(char stream, const std::string& text) {
  return std::string{
             stream, 0, 0, 0, 0, 0, static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} +
         text;
}

}  // namespace labctl::docker::test
