#include "inventory/salt/text.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace labctl::inventory::salt {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

std::string plain(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b' && at + 1 < text.size() && text[at + 1] == '[') {
      at += 2;
      while (at < text.size() && (text[at] < '@' || text[at] > '~')) ++at;
    } else if (text[at] == '\t' || static_cast<unsigned char>(text[at]) >= 0x20) {
      result += text[at];
    }
  }
  return result;
}

bool begins(std::string_view line, std::span<const std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view beginning) { return line.starts_with(beginning); });
}

// The level of "[WARNING ] words" (Salt's console format); "" for another line.
std::string log_level(const std::string& line) {
  if (!line.starts_with('[')) return {};
  const auto end = line.find(']');
  if (end == std::string::npos) return {};
  constexpr std::array levels = {"CRITICAL", "ERROR", "WARNING", "INFO", "PROFILE",
                                 "DEBUG",    "TRACE", "GARBAGE", "QUIET"};
  const auto level = trim(line.substr(1, end - 1));
  return std::find(levels.begin(), levels.end(), level) == levels.end() ? "" : level;
}

// "2026-01-05 09:30:00,123 [salt.loader ...", the format of Salt's log files.
bool dated(const std::string& line) {
  constexpr std::string_view shape = "0000-00-00 00:00:00";
  if (line.size() < shape.size()) return false;
  for (std::size_t at = 0; at < shape.size(); ++at) {
    if (shape[at] == '0' ? !digit(line[at]) : line[at] != shape[at]) return false;
  }
  return true;
}

// What a batch prints when a minion answers after the batch no longer waits for it. Two minions with one id
// are one cause, a slow answer is another.
bool counted_twice(const std::string& line) {
  return line.starts_with("minion ") &&
         line.ends_with(" was already deleted from tracker, probably a duplicate key");
}

bool message(const std::string& line) {
  constexpr std::array<std::string_view, 18> beginnings = {
      "ERROR: ",
      "No minions matched",
      "No return received",
      "No command was sent",
      "Salt request timed out",
      "Failed to authenticate",
      "Authentication failure",
      "Authentication error",
      "Authorization error",
      "Executed command with job ID",
      "The salt master could not be contacted",
      "Unable to connect",
      "Error: ",
      "Minion [",
      "Invalid batch data",
      "Data must be in the form",
      "Exiting gracefully on Ctrl-c",
      "This job's jid is",
  };
  return begins(line, beginnings) || counted_twice(line);
}

// The name of the minion in "Minion core3 did not respond. No job will be sent." or "Minion 'core3' failed to
// respond to job sent"; "" for any other line.
std::string silent_minion(const std::string& line) {
  constexpr std::string_view beginning = "Minion ";
  if (!line.starts_with(beginning)) return {};
  for (const std::string_view end : {" did not respond", " failed to respond"}) {
    const auto at = line.find(end);
    if (at == std::string::npos || at <= beginning.size()) continue;
    auto name = line.substr(beginning.size(), at - beginning.size());
    if (name.size() > 2 && name.front() == '\'' && name.back() == '\'')
      name = name.substr(1, name.size() - 2);
    if (name.find(' ') == std::string::npos) return name;
  }
  return {};
}

// "NAME: 20240105093000123456", also in quotes.
bool numbered(const std::string& line, std::string_view name) {
  if (!line.starts_with(name)) return false;
  auto value = trim(std::string_view(line).substr(name.size()));
  if (value.size() > 2 && value.front() == '\'' && value.back() == '\'')
    value = value.substr(1, value.size() - 2);
  return !value.empty() && std::all_of(value.begin(), value.end(), digit);
}

bool warning(const std::string& line) {
  if (line.starts_with('{')) return false;  // may be a complete answer in JSON
  const auto small = lower(line);
  return small.find("warning: ") != std::string::npos;
}

// Lines that Salt's command line prints around the answers.
bool around(const std::string& line) {
  constexpr std::array<std::string_view, 11> beginnings = {"Executing run on [",
                                                           "unclosed ",
                                                           "Executing job with jid",
                                                           "# of minions ",
                                                           "Minions not connected: ",
                                                           "Minions not responding: ",
                                                           "Minions with failures: ",
                                                           "NOTICE: Too many minions",
                                                           "[sudo] password",
                                                           "During handling of the above exception",
                                                           "The above exception was the direct cause"};
  // A table has lines of ten dashes; those around a summary are longer.
  const bool is_ruler = line.size() > 10 && line.find_first_not_of('-') == std::string::npos;
  return is_ruler || line == "Summary" || line == "Errors" || begins(line, beginnings) ||
         numbered(line, "jid: ") || numbered(line, "retcode: ") || dated(line);
}

// "KeyError: 'core3'", the last line of a traceback.
bool exception(const std::string& line) {
  const auto name = line.substr(0, line.find(':'));
  return name.find(' ') == std::string::npos &&
         (name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Exit") ||
          name.ends_with("Interrupt") || name.ends_with("Warning"));
}

class Cleaner {
public:
  Cleaner(std::string_view output, const std::string& source) {
    text_.source = source;
    if (output.starts_with("\xef\xbb\xbf")) output.remove_prefix(3);
    for (const auto& line : lines(output)) all_.push_back(plain(line));
  }

  Text text() {
    while (at_ < all_.size()) {
      const auto line = all_[at_];
      if (!around_answers(line)) text_.lines.push_back({at_ + 1, trim(line).empty() ? "" : line});
      ++at_;
    }
    return std::move(text_);
  }

private:
  bool around_answers(const std::string& line) {
    if (line.empty() || line.front() == ' ') return false;
    const auto level = log_level(line);
    if (level == "ERROR" || level == "CRITICAL") {
      add(text_.messages, trim(line.substr(line.find(']') + 1)));
      return true;
    }
    if (message(line)) {
      add(text_.messages, line);
      return true;
    }
    if (const auto minion = silent_minion(line); !minion.empty()) {
      add(text_.silent, minion);
      return true;
    }
    if (line.starts_with("Traceback (most recent call last)")) {
      traceback();
    } else if (level.empty() && warning(line)) {
      source_line();
    } else if (level.empty() && !around(line)) {
      return false;
    }
    ++text_.passed_over;
    return true;
  }

  std::string_view next() const { return at_ + 1 < all_.size() ? all_[at_ + 1] : std::string_view{}; }

  void traceback() {
    while (next().starts_with("  File \"")) {
      ++at_;
      while (next().starts_with("    ")) ++at_;
      if (exception(std::string(next()))) {
        ++at_;
        return;
      }
    }
  }

  // Below a warning, Python prints the source line that caused it, indented by two blanks.
  void source_line() {
    const auto line = next();
    if (!line.starts_with("  ") || line.size() < 3 || line[2] == ' ' || line[2] == '-') return;
    if (line.find(": ") == std::string_view::npos && !line.ends_with(':')) ++at_;
  }

  static void add(std::vector<std::string>& to, const std::string& what) {
    if (std::find(to.begin(), to.end(), what) == to.end()) to.push_back(what);
  }

  std::vector<std::string> all_;
  std::size_t at_ = 0;
  Text text_;
};

}  // namespace

void Text::fail(std::size_t line, const std::string& what, const std::string& hint) const {
  throw Error(Kind::invalid, what, fmt::format("{}:{}", source, line), hint);
}

Text clean(std::string_view output, const std::string& source) { return Cleaner(output, source).text(); }

}  // namespace labctl::inventory::salt
