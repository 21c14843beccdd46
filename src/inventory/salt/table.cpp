#include "base/text.hpp"
#include "inventory/salt/readers.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

// The table form: "NAME:", then a line "----------". Below them, indented by four more blanks, are either
// more names of this form or the rows of a list, each "| ITEM |" between two lines of dashes. Salt does not
// print a value that is not a list.
namespace labctl::inventory::salt {
namespace {

bool dashes(std::string_view text) {
  return text.size() > 4 && text.find_first_not_of('-') == std::string_view::npos;
}

class Table {
public:
  explicit Table(const Text& text) : text_(text) {
    for (const auto& line : text.lines) {
      if (!line.text.empty()) lines_.push_back(line);
    }
  }

  std::vector<Entry> read() {
    auto result = names(0);
    if (at_ < lines_.size()) not_understood(text_, lines_[at_]);
    return result;
  }

private:
  bool ended(std::size_t indent) const {
    return at_ == lines_.size() || indentation(lines_[at_].text) < indent;
  }
  std::string words(std::size_t indent) const {
    if (indentation(lines_[at_].text) != indent) not_understood(text_, lines_[at_]);
    return lines_[at_].text.substr(indent);
  }

  std::vector<Entry> names(std::size_t indent) {
    std::vector<Entry> result;
    while (!ended(indent)) {
      const auto line = lines_[at_];
      const auto name = words(indent);
      if (indent > deepest_indent || name.size() < 2 || !name.ends_with(':')) not_understood(text_, line);
      ++at_;
      if (ended(indent) || words(indent) != ruler) not_understood(text_, line);
      ++at_;
      result.push_back({name.substr(0, name.size() - 1), value(indent + 4, line.number), line.number});
    }
    return result;
  }

  Value value(std::size_t indent, std::size_t line) {
    Value result;
    result.line = line;
    if (ended(indent)) return result;
    if (dashes(words(indent))) {
      result.kind = Value::Kind::list;
      rows(result, indent);
      return result;
    }
    result.kind = Value::Kind::mapping;
    for (auto& entry : names(indent)) {
      if (result.find(entry.name) != nullptr)
        text_.fail(entry.line, fmt::format("{} appears twice", in_quotes(entry.name)));
      result.entries.push_back(std::move(entry));
    }
    return result;
  }

  void rows(Value& to, std::size_t indent) {
    const auto rule = words(indent);
    ++at_;
    while (!ended(indent)) {
      const auto row = words(indent);
      if (row.size() != rule.size() || !row.starts_with("| ") || !row.ends_with(" |"))
        not_understood(text_, lines_[at_]);
      Value item;
      item.kind = Value::Kind::text;
      item.line = lines_[at_].number;
      item.text = trim(row.substr(2, row.size() - 4));
      ++at_;
      if (ended(indent) || words(indent) != rule) text_.fail(item.line, "this row of a table has no end");
      ++at_;
      to.items.push_back(std::move(item));
    }
  }

  const Text& text_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Entry> read_table(const Text& text) { return Table(text).read(); }

}  // namespace labctl::inventory::salt
