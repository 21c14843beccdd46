#pragma once

#include "base/error.hpp"

#include <string>

namespace labctl::test {

// The Error that a call throws; one that says so if it throws none.
template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e;
  }
  return {Kind::system, "no error was thrown"};
}

// Whether the line that a person reads has these words.
inline bool holds(const Error& error, const std::string& words) {
  return error.line().find(words) != std::string::npos;
}

}  // namespace labctl::test
