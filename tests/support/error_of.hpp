#pragma once

#include "base/error.hpp"

#include <string>

namespace labctl::test {

// The Error that a call throws; if it throws none, an Error that says so.
template <typename Call>
Error error_of(Call call) {
  try {
    call();
  } catch (const Error& e) {
    return e;
  }
  return {Kind::system, "no error was thrown"};
}

// Whether the error's line, as printed for users, contains these words.
inline bool holds(const Error& error, const std::string& words) {
  return error.line().find(words) != std::string::npos;
}

}  // namespace labctl::test
