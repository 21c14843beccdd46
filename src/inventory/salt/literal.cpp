#include "base/text.hpp"
#include "inventory/salt/readers.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

// Reads JSON and Python literals. They differ little: quotes, the words for true and null, u'' of Python 2,
// tuples, and texts in several pieces (pprint splits long texts).
namespace labctl::inventory::salt {
namespace {

constexpr int deepest_nesting = 50;

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

void append_utf8(std::string& to, std::uint32_t code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0 | code >> 6);
    to += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0 | code >> 12);
    to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    to += static_cast<char>(0xf0 | (code >> 18 & 0x07));
    to += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    to += static_cast<char>(0x80 | (code & 0x3f));
  }
}

class Literal {
public:
  Literal(const Text& text, std::size_t& at, std::size_t& column) : text_(text), at_(at), column_(column) {}

  Value value(int depth = 0) {
    if (depth > deepest_nesting) fail("this is nested too deep");
    Value result;
    result.line = line_number();
    switch (const char c = peek()) {
      case '{':
        mapping(result, depth);
        break;
      case '[':
        list(result, ']', depth);
        break;
      case '(':
        list(result, ')', depth);
        break;
      default:
        if (at_quote()) {
          result.kind = Value::Kind::text;
          result.text = string();
          // pprint splits a long text after a blank or a line end: the next piece follows.
          while (!result.text.empty() && (result.text.back() == ' ' || result.text.back() == '\n') &&
                 peek() != 0 && at_quote()) {
            result.text += string();
          }
        } else if (letter(c) || c == '-' || (c >= '0' && c <= '9')) {
          word(result, depth);
        } else {
          unexpected("a value");
        }
    }
    return result;
  }

private:
  std::size_t line_number() const { return text_.lines[std::min(at_, text_.lines.size() - 1)].number; }
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const {
    text_.fail(line_number(), what, hint);
  }
  [[noreturn]] void unexpected(const std::string& expected) {
    if (peek() == 0) fail("salt's output is cut off, expected " + expected, "run salt again");
    fail(
        fmt::format("{} is not what salt writes here, expected {}", in_quotes(std::string(rest())), expected),
        "leave out what other programs print: 2>/dev/null");
  }

  // The next character that is not a blank, in this line or a later one; 0 at the end of the text.
  char peek() {
    while (at_ < text_.lines.size()) {
      const auto& line = text_.lines[at_].text;
      while (column_ < line.size() && (line[column_] == ' ' || line[column_] == '\t')) ++column_;
      if (column_ < line.size()) return line[column_];
      ++at_;
      column_ = 0;
    }
    return 0;
  }
  std::string_view rest() const {
    return at_ < text_.lines.size() ? std::string_view(text_.lines[at_].text)
                                          .substr(std::min(column_, text_.lines[at_].text.size()))
                                    : std::string_view{};
  }
  char here() const { return rest().empty() ? '\0' : rest().front(); }
  bool take(char c) {
    if (peek() != c) return false;
    ++column_;
    return true;
  }

  bool at_quote() {
    auto line = rest();
    if (!line.empty() && (line.front() == 'u' || line.front() == 'b')) line.remove_prefix(1);
    return !line.empty() && (line.front() == '\'' || line.front() == '"');
  }

  std::uint32_t hex(std::size_t digits) {
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < digits; ++i, ++column_) {
      const char c = here();
      const auto* const all = "0123456789abcdef";
      const auto* const found =
          c == '\0' ? nullptr : std::char_traits<char>::find(all, 16, lower({&c, 1})[0]);
      if (found == nullptr) fail("a text has an escape that is none");
      code = code * 16 + static_cast<std::uint32_t>(found - all);
    }
    return code;
  }

  void escape(std::string& to) {
    const char c = here();
    ++column_;
    switch (c) {
      case 'n':
        to += '\n';
        break;
      case 't':
        to += '\t';
        break;
      case 'r':
        break;
      case 'x':
        append_utf8(to, hex(2));
        break;
      case 'u': {
        auto code = hex(4);
        if (code >= 0xd800 && code < 0xdc00 && rest().starts_with("\\u")) {
          column_ += 2;
          code = 0x10000 + ((code - 0xd800) << 10) + ((hex(4) - 0xdc00) & 0x3ff);
        }
        append_utf8(to, code);
        break;
      }
      case 'U':
        append_utf8(to, hex(8));
        break;
      case '\'':
      case '"':
      case '\\':
      case '/':
        to += c;
        break;
      default:
        fail("a text has an escape that is none");
    }
  }

  std::string string() {
    if (here() == 'u' || here() == 'b') ++column_;
    const char quote = here();
    std::string result;
    for (++column_; here() != quote;) {
      const char c = here();
      if (c == '\0') fail("a text in quotes has no end in its line");
      ++column_;
      if (c == '\\') {
        escape(result);
      } else {
        result += c;
      }
    }
    ++column_;
    return result;
  }

  void mapping(Value& to, int depth) {
    to.kind = Value::Kind::mapping;
    ++column_;
    if (take('}')) return;
    do {
      if (peek() == 0 || !at_quote()) unexpected("a name in quotes");
      const auto line = line_number();
      const auto name = string();
      if (!take(':')) unexpected("a colon");
      if (to.find(name) != nullptr) text_.fail(line, fmt::format("{} appears twice", in_quotes(name)));
      auto inner = value(depth + 1);
      to.entries.push_back({name, std::move(inner), line});
    } while (take(','));
    if (!take('}')) unexpected("a comma or }");
  }

  void list(Value& to, char end, int depth) {
    to.kind = Value::Kind::list;
    ++column_;
    if (take(end)) return;
    do {
      if (end == ')' && peek() == end) break;  // a tuple of one: ('one',)
      to.items.push_back(value(depth + 1));
    } while (take(','));
    if (!take(end)) unexpected(fmt::format("a comma or {}", end));
  }

  void word(Value& to, int depth) {
    const auto line = rest();
    const auto size = std::min(line.find_first_of(",]}):( \t"), line.size());
    const std::string name(line.substr(0, size));
    const bool number = name.find_first_not_of("0123456789+-.eEL") == std::string::npos;
    if (name == "OrderedDict" && line.size() > size && line[size] == '(') return ordered(to, size, depth);
    column_ += size;
    if (name == "null" || name == "None") return;
    to.kind = Value::Kind::text;
    to.text = name;
    if (name == "true") to.text = "True";
    if (name == "false") to.text = "False";
    if (number || to.text == "True" || to.text == "False") return;
    column_ -= size;
    unexpected("a value");
  }

  // OrderedDict([('eth0', ['192.0.2.1'])]), as older versions of Salt print a mapping.
  void ordered(Value& to, std::size_t size, int depth) {
    column_ += size;
    Value inside;
    list(inside, ')', depth);
    to.kind = Value::Kind::mapping;
    if (inside.items.empty()) return;
    for (auto& pair : inside.items.front().items) {
      if (pair.items.size() != 2 || pair.items[0].kind != Value::Kind::text ||
          to.find(pair.items[0].text) != nullptr)
        text_.fail(pair.line, "this is no pair of a name and a value");
      to.entries.push_back({pair.items[0].text, pair.items[1], pair.items[0].line});
    }
  }

  const Text& text_;
  std::size_t& at_;
  std::size_t& column_;
};

}  // namespace

Value read_literal(const Text& text, std::size_t& at, std::size_t& column) {
  return Literal(text, at, column).value();
}

std::vector<Entry> read_objects(const Text& text) {
  std::vector<Entry> result;
  const auto take = [&](std::vector<Entry> entries) {
    for (auto& entry : entries) result.push_back(std::move(entry));
  };
  for (std::size_t at = 0; at < text.lines.size();) {
    const auto& line = text.lines[at];
    if (line.text.empty()) {
      ++at;
      continue;
    }
    if (!line.text.starts_with('{')) not_understood(text, line);
    const auto inside = trim(line.text.substr(1));
    if (!inside.empty() && std::string_view("'\"}").find(inside.front()) == std::string_view::npos &&
        !inside.starts_with("u'") && !inside.starts_with("u\"") && !inside.starts_with("b'")) {
      take(read_yaml_flow(text, at));
      continue;
    }
    std::size_t column = 0;
    take(read_literal(text, at, column).entries);
    if (!trim(text.lines[at].text.substr(column)).empty()) not_understood(text, text.lines[at]);
    ++at;
  }
  return result;
}

}  // namespace labctl::inventory::salt
