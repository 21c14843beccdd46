#include "cluster/log_lines.hpp"

#include <algorithm>
#include <span>
#include <string_view>

namespace labctl::cluster {
namespace {

// The level is searched only at the start of a line; the rest may quote the output of a program.
constexpr std::size_t head_size = 64;
constexpr std::string_view errors[] = {"ERROR",      "CRITICAL",  "[error]",
                                       "[critical]", "\terror\t", "\tcritical\t"};
constexpr std::string_view warnings[] = {"WARNING", "[warning]", "\twarning\t"};
constexpr std::string_view others[] = {"DEBUG",   "INFO",      "[debug]", "[info]",
                                       "[trace]", "\tdebug\t", "\tinfo\t"};

bool head_has(const std::string& line, std::span<const std::string_view> levels) {
  const auto head = std::string_view(line).substr(0, head_size);
  return std::any_of(levels.begin(), levels.end(),
                     [&](std::string_view level) { return head.find(level) != std::string_view::npos; });
}

bool concerns(const std::string& line, const contract::AppName& app, const std::string& event_id) {
  const auto names = [&](const std::string& word) {
    return !word.empty() && line.find(word) != std::string::npos;
  };
  return names(app.app) || names(app.project) || names(event_id);
}

}  // namespace

bool has_level(const std::string& line) {
  return head_has(line, errors) || head_has(line, warnings) || head_has(line, others);
}

bool is_error(const std::string& line) { return head_has(line, errors); }

bool is_error_about(const std::string& line, const contract::AppName& app, const std::string& event_id) {
  return is_error(line) && concerns(line, app, event_id);
}

bool is_warning_about(const std::string& line, const contract::AppName& app, const std::string& event_id) {
  return !is_error(line) && head_has(line, warnings) && concerns(line, app, event_id);
}

std::vector<std::string> error_messages(const std::vector<std::string>& lines) {
  std::vector<std::string> messages;
  bool in_error = false;
  for (const auto& line : lines) {
    if (has_level(line)) {
      in_error = is_error(line);
      if (in_error) messages.push_back(line);
    } else if (in_error) {
      messages.back() += "\n" + line;
    }
  }
  return messages;
}

std::vector<std::string> telling_lines(const std::vector<std::string>& lines,
                                       const std::vector<contract::AppName>& apps,
                                       const std::string& event_id, std::size_t limit) {
  std::vector<bool> kept(lines.size(), false);
  std::size_t count = 0;
  const auto keep = [&](auto wanted) {
    for (auto i = lines.size(); i-- > 0 && count < limit;) {
      if (kept[i] || !wanted(lines[i])) continue;
      kept[i] = true;
      ++count;
    }
  };
  keep([&](const std::string& line) {
    return is_error(line) || std::any_of(apps.begin(), apps.end(),
                                         [&](const auto& app) { return concerns(line, app, event_id); });
  });
  keep([](const std::string&) { return true; });
  std::vector<std::string> telling;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (kept[i]) telling.push_back(lines[i]);
  }
  return telling;
}

}  // namespace labctl::cluster
