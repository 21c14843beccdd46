#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::inventory::salt {

struct Line {
  std::size_t number;  // in the input, from 1
  std::string text;    // without colours, line ends and control characters
};

// What salt printed, ready for a reader: `lines` has only what an outputter may have written (and blank
// lines).
struct Text {
  std::string source;  // names the input in errors
  std::vector<Line> lines;
  std::vector<std::string> messages;  // Salt's own sentences and logged errors, each once
  std::vector<std::string> silent;    // minions that Salt says did not respond
  std::size_t passed_over = 0;        // warnings, log lines, job ids and other lines around the answers

  // Error{invalid} whose `where` is "SOURCE:LINE".
  [[noreturn]] void fail(std::size_t line, const std::string& what, const std::string& hint = {}) const;
};

// Takes away colours (ESC [ ... letter), a byte order mark, CR, and the lines that are no outputter's: log
// lines, warnings, tracebacks, job ids, summaries. Such lines begin in the first column; nothing indented
// is taken away except what belongs to a traceback or is the source line of a Python warning.
Text clean(std::string_view output, const std::string& source);

}  // namespace labctl::inventory::salt
