#include "base/text.hpp"
#include "inventory/salt/readers.hpp"

#include <fmt/format.h>

// The txt form: "NAME: LINE" for each line of a text, "NAME: VALUE" in Python's notation for anything else.
namespace labctl::inventory::salt {

std::vector<Entry> read_txt(const Text& text) {
  std::vector<Entry> result;
  for (std::size_t at = 0; at < text.lines.size(); ++at) {
    const auto& line = text.lines[at];
    if (line.text.empty()) continue;
    const auto key = key_line(line.text);
    if (!key) not_understood(text, line);
    Value value;
    value.line = line.number;
    const auto& words = key->value;
    const bool literal = words.starts_with("['") || words.starts_with("[u'") || words.starts_with("{'") ||
                         words.starts_with("{u'") || words.starts_with("[\"") || words.starts_with("{\"") ||
                         words.starts_with("OrderedDict(") || words == "[]" || words == "{}";
    if (literal) {
      const Text only{text.source, {line}, {}, {}, 0};
      std::size_t row = 0;
      std::size_t column = line.text.find(words, key->name.size() + 1);
      value = read_literal(only, row, column);
      if (!trim(line.text.substr(column)).empty()) not_understood(text, line);
    } else if (words != "None") {
      value.kind = Value::Kind::text;
      value.text = words;
    }
    if (!result.empty() && result.back().name == key->name && result.back().value.kind == Value::Kind::text &&
        value.kind == Value::Kind::text) {
      result.back().value.text += "\n" + words;
    } else {
      result.push_back({key->name, std::move(value), line.number});
    }
  }
  return result;
}

}  // namespace labctl::inventory::salt
