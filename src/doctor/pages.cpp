#include "doctor/pages.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::doctor {
namespace {

constexpr std::size_t width = 110;

// Breaks a text into lines of at most `width` characters; the following lines begin with `indent`.
std::string wrapped(std::string_view first, std::string_view indent, std::string_view text) {
  std::string result;
  std::string line(first);
  bool empty = true;
  for (const auto& word : split(text, ' ')) {
    if (!empty && line.size() + 1 + word.size() > width) {
      result += line + "\n";
      line = indent;
      empty = true;
    }
    if (!empty) line += ' ';
    line += word;
    empty = false;
  }
  return result + line + "\n";
}

// On a page there are no subjects yet.
std::string general(std::string_view remedy) { return replace_all(remedy, "{}", "SUBJECT"); }

}  // namespace

std::string page(const Trouble& trouble) {
  constexpr std::string_view indent = "            ";
  return fmt::format("{} ({}, group {})\n", trouble.id, to_string(trouble.severity),
                     groups()[group_of(trouble.id)].name) +
         wrapped("  meaning   ", indent, trouble.meaning) + wrapped("  cause     ", indent, trouble.cause) +
         wrapped("  evidence  ", indent, trouble.evidence) +
         wrapped("  remedy    ", indent, general(trouble.remedy));
}

std::string all_pages() {
  std::string text = "# What the doctor can find\n\n";
  text +=
      wrapped("", "",
              "Each kind of problem that `labctl doctor` can find, by group. `labctl doctor --explain ID` "
              "prints one page. A finding says only what was observed; what cannot be known is told as "
              "such. A *failure* makes the exit status 1, a *warning* only with `--strict`, a *note* "
              "never. The unit test `unit.doctor` compares this file with the program; "
              "`labctl doctor --explain all` prints it.");
  for (const auto& group : groups()) {
    text += fmt::format("\n## {}\n\n", group.name);
    text += wrapped("", "", "This group: " + std::string(group.about) + ".");
    for (const auto& one : group.troubles) {
      text += fmt::format("\n### {}\n\n", one.id);
      text += wrapped("", "", fmt::format("*{}*: {}.", to_string(one.severity), one.meaning)) + "\n";
      text += wrapped("- **cause**: ", "  ", one.cause);
      text += wrapped("- **evidence**: ", "  ", one.evidence);
      text += wrapped("- **remedy**: ", "  ", general(one.remedy));
    }
  }
  return text;
}

}  // namespace labctl::doctor
