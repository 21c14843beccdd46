#include "runner/html_text.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::runner {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') {
      result += "&amp;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '>') {
      result += "&gt;";
    } else if (c == '"') {
      result += "&quot;";
    } else if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

std::string field_of(std::string_view kind, std::string_view word) {
  return fmt::format("<span class=\"{} {}\">{}</span>", kind, replace_all(word, " ", "-"), word);
}

std::string change_field(const Compared& compared) {
  if (compared.change == Change::none) return {};
  return field_of("change", to_string(compared.change)) +
         (compared.remark.empty() ? "" : " <span class=\"muted\">" + escaped(compared.remark) + "</span>");
}

std::string anchor_of(const ScenarioResult& scenario) { return fmt::format("s{}", scenario.number); }

}  // namespace labctl::runner
