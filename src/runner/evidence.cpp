#include "runner/evidence.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string_view>

namespace labctl::runner {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool hexadecimal(char c) { return digit(c) || (c >= 'a' && c <= 'f'); }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The length of the form if the text begins with it, otherwise 0. In the form, 'd' stands for a digit, every
// other character for itself.
std::size_t has_form(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return 0;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == 'd' ? !digit(text[i]) : text[i] != form[i]) return 0;
  }
  return form.size();
}

std::size_t digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), digit) - text.begin());
}

// The length of a time such as "10:11:12", "10:11:12.345Z" or, after a date, "101112.345678"; otherwise 0.
std::size_t time_of_day(std::string_view text) {
  auto length = std::max(has_form(text, "dd:dd:dd"), has_form(text, "dddddd"));
  if (length == 0) return 0;
  if (length < text.size() && text[length] == '.') length += 1 + digits(text.substr(length + 1));
  if (length < text.size() && text[length] == 'Z') ++length;
  return length;
}

std::size_t moment(std::string_view text) {
  const auto date = has_form(text, "dddd-dd-dd");
  if (date == 0) return has_form(text, "dd:dd:dd") > 0 ? time_of_day(text) : 0;
  if (date < text.size() && (text[date] == 'T' || text[date] == ' ')) {
    if (const auto time = time_of_day(text.substr(date + 1))) return date + 1 + time;
  }
  return date;
}

// The length of a duration such as "4.2 s", "150 s" or "30ms"; otherwise 0.
std::size_t duration(std::string_view text) {
  auto length = digits(text);
  if (length == 0) return 0;
  if (length < text.size() && text[length] == '.') length += 1 + digits(text.substr(length + 1));
  if (length < text.size() && text[length] == ' ') ++length;
  for (const std::string_view unit : {"ms", "s"}) {
    const auto rest = text.substr(length);
    if (rest.starts_with(unit) && (rest.size() == unit.size() || !letter(rest[unit.size()])))
      return length + unit.size();
  }
  return 0;
}

// The length of the prefix "s1." of a slot's domain; otherwise 0.
std::size_t slot_of_domain(std::string_view text) {
  const auto number = text.starts_with('s') ? digits(text.substr(1)) : 0;
  return number > 0 && text.size() > number + 2 && text[number + 1] == '.' && letter(text[number + 2])
             ? number + 2
             : 0;
}

std::size_t word(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) { return digit(c) || letter(c); });
  return static_cast<std::size_t>(end - text.begin());
}

// Whether this is an id or a large number, which differ from run to run.
bool accidental(std::string_view one) {
  constexpr std::size_t short_id = 7, large_number = 4;
  if (digits(one) == one.size()) return one.size() >= large_number;
  return one.size() >= short_id && std::all_of(one.begin(), one.end(), hexadecimal) &&
         std::any_of(one.begin(), one.end(), digit);
}

std::string without_accidents(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    std::size_t length = slot_of_domain(text);
    if (length == 0) {
      length = std::max(moment(text), duration(text));
      if (length > 0) {
        result += '#';
      } else if (length = word(text); length > 0) {
        const auto one = text.substr(0, length);
        result += accidental(one) ? "#" : one;
      } else {
        length = 1;
        // Non-ASCII bytes are dropped: a report has other bytes in place of those that were not UTF-8.
        if (static_cast<unsigned char>(text.front()) < 0x80) result += text.front();
      }
    }
    text.remove_prefix(length);
  }
  return result;
}

}  // namespace

std::string reason_of(const StepResult& step, const std::string& mark) {
  if (!step.red()) return {};
  auto text = std::string(to_string(step.verdict)) + "\n" + step.error;
  if (step.mismatch)
    text += "\n" + step.mismatch->expected + "\n" + step.mismatch->seen + "\n" + step.mismatch->where;
  return without_accidents(replace_all(text, mark, ""));
}

}  // namespace labctl::runner
