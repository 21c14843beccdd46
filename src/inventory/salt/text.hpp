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

// Salt's output, ready for a reader: `lines` has only lines that an outputter may have written (and blank
// lines).
struct Text {
  std::string source;  // name of the input in errors
  std::vector<Line> lines;
  std::vector<std::string> messages;  // Salt's messages and logged errors, each once
  std::vector<std::string> silent;    // minions that Salt says did not respond
  std::size_t passed_over = 0;        // warnings, log lines, job ids and other lines around the answers

  // Error{invalid} whose `where` is "SOURCE:LINE".
  [[noreturn]] void fail(std::size_t line, const std::string& what, const std::string& hint = {}) const;
};

// Removes colours (ESC [ ... letter), a byte order mark, CR, and lines that no outputter wrote: log lines,
// warnings, tracebacks, job ids, summaries. Such lines begin in the first column; indented lines are removed
// only if they belong to a traceback or are the source line of a Python warning.
Text clean(std::string_view output, const std::string& source);

}  // namespace labctl::inventory::salt
