#include "base/text.hpp"
#include "inventory/salt/readers.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

// The nested form. A mapping begins with a line "----------"; each name is a line that ends with a colon, and
// its value is indented by four more blanks. A list has "- ITEM" for each item. A text is printed as its
// lines. Nothing is quoted.
namespace labctl::inventory::salt {
namespace {

class Nested {
public:
  explicit Nested(const Text& text) : text_(text) {
    for (const auto& line : text.lines) {
      if (!line.text.empty()) lines_.push_back(line);
    }
  }

  std::vector<Entry> read() {
    std::vector<Entry> result;
    while (at_ < lines_.size()) {
      const auto& line = lines_[at_];
      const auto key = key_line(line.text);
      if (!key || !key->value.empty()) not_understood(text_, line);
      ++at_;
      result.push_back({key->name, value(4, line.number), line.number});
    }
    doubt(result);
    return result;
  }

private:
  bool ended(std::size_t indent) const {
    return at_ == lines_.size() || indentation(lines_[at_].text) < indent;
  }

  // The value whose lines are indented by at least `indent` blanks; of kind nothing if there is no such line.
  Value value(std::size_t indent, std::size_t line) {
    Value result;
    result.line = line;
    if (ended(indent)) return result;
    const auto& first = lines_[at_];
    if (indent > deepest_indent) text_.fail(first.number, "this is nested too deep");
    result.line = first.number;
    const auto words = first.text.substr(indent);
    if (words == ruler) {
      mapping(result, indent);
    } else if (words.starts_with("- ") || words == "|_") {
      list(result, indent);
    } else {
      words_of(result, indent);
    }
    return result;
  }

  void mapping(Value& to, std::size_t indent) {
    to.kind = Value::Kind::mapping;
    ++at_;
    while (!ended(indent)) {
      const auto& line = lines_[at_];
      if (indentation(line.text) != indent || !line.text.ends_with(':')) not_understood(text_, line);
      const auto name = line.text.substr(indent, line.text.size() - indent - 1);
      if (to.find(name) != nullptr) text_.fail(line.number, fmt::format("{} appears twice", in_quotes(name)));
      ++at_;
      to.entries.push_back({name, value(indent + 4, line.number), line.number});
    }
    doubt(to.entries);
  }

  void list(Value& to, std::size_t indent) {
    to.kind = Value::Kind::list;
    while (!ended(indent)) {
      const auto& line = lines_[at_];
      const auto words = line.text.substr(indent);
      if (words == "|_") {
        ++at_;
        to.items.push_back(value(indent + 2, line.number));
        continue;
      }
      if (!words.starts_with("- ")) not_understood(text_, line);
      Value item;
      item.kind = Value::Kind::text;
      item.line = line.number;
      item.text = words.substr(2);
      for (++at_; !ended(indent + 2); ++at_) item.text += "\n" + lines_[at_].text.substr(indent + 2);
      to.items.push_back(std::move(item));
    }
  }

  // A text. The rest of a list or mapping that lost its first line is an error, not a text.
  void words_of(Value& to, std::size_t indent) {
    to.kind = Value::Kind::text;
    for (const auto first = at_; !ended(indent); ++at_) {
      const auto words = lines_[at_].text.substr(indent);
      if (words == ruler || words == "|_" || trim(words).starts_with("- "))
        not_understood(text_, lines_[at_]);
      to.text += (at_ == first ? "" : "\n") + words;
    }
  }

  static void doubt(std::vector<Entry>& entries) {
    for (std::size_t i = 0; i + 1 < entries.size(); ++i) {
      const auto next = entries[i + 1].value.kind;
      entries[i].value.doubtful = entries[i].value.kind == Value::Kind::nothing &&
                                  (next == Value::Kind::list || next == Value::Kind::mapping);
    }
  }

  const Text& text_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Entry> read_nested(const Text& text) { return Nested(text).read(); }

}  // namespace labctl::inventory::salt
