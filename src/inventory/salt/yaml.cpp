#include "base/text.hpp"
#include "inventory/salt/readers.hpp"
#include "inventory/yaml_reader.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

// YAML as Salt prints it: one document for each minion, without "---" between them, so a name may appear
// twice.
namespace labctl::inventory::salt {
namespace {

constexpr std::size_t largest = 100000;  // values in a document; nested aliases could make any number

// The lines [begin, end) of the text as one document.
class Document {
public:
  Document(const Text& text, std::size_t begin, std::size_t end) : text_(text), begin_(begin) {
    for (auto at = begin; at < end; ++at) {
      yaml_ += text.lines[at].text + "\n";
      const auto line = trim(text.lines[at].text);
      for (const auto* null : {": null", ": ~", "- null", "- ~"}) nulls_ += line.ends_with(null) ? 1 : 0;
    }
    if (yaml_.starts_with('{'))
      nulls_ = largest;  // no limit: in flow style a foreign line cannot make a value empty
  }

  std::vector<Entry> read() {
    try {
      const auto node = YAML::Load(yaml_);
      if (!node.IsMap()) not_understood(text_, text_.lines[begin_]);
      return std::move(value(node, 0).entries);
    } catch (const YAML::Exception& error) {
      text_.fail(line(error.mark), "this is not the YAML that salt writes: " + error.msg,
                 "leave out what other programs print: 2>/dev/null");
    }
  }

private:
  std::size_t line(const YAML::Mark& mark) const {
    const auto at = begin_ + static_cast<std::size_t>(std::max(mark.line, 0));
    return text_.lines[std::min(at, text_.lines.size() - 1)].number;
  }

  Value value(const YAML::Node& node, std::size_t otherwise) {
    Value result;
    result.line = node.IsNull() ? otherwise : line(node.Mark());
    if (++count_ > largest) text_.fail(result.line, "this has too many values");
    switch (node.Type()) {
      case YAML::NodeType::Scalar:
        result.kind = Value::Kind::text;
        result.text = node.Scalar();
        break;
      case YAML::NodeType::Sequence:
        result.kind = Value::Kind::list;
        for (const auto& item : node) result.items.push_back(value(item, result.line));
        break;
      case YAML::NodeType::Map:
        result.kind = Value::Kind::mapping;
        for (const auto& entry : node) {
          const auto at = line(entry.first.Mark());
          if (!entry.first.IsScalar()) text_.fail(at, "a name that is none");
          const auto& name = entry.first.Scalar();
          if (result.find(name) != nullptr) text_.fail(at, fmt::format("{} appears twice", in_quotes(name)));
          auto inner = value(entry.second, at);
          // Salt starts a text on the line of its name. A line below the name comes from something else.
          if (inner.kind == Value::Kind::text && inner.line != at)
            text_.fail(inner.line, "a text that is not beside its name");
          // Salt starts a list in the column of its name.
          if (entry.second.IsSequence() && entry.second.Style() != YAML::EmitterStyle::Flow &&
              entry.second.Mark().column != entry.first.Mark().column)
            text_.fail(inner.line, "a list that is not in the column of its name");
          result.entries.push_back({name, std::move(inner), at});
        }
        break;
      default:
        // Salt prints null if there is no value. A name without any value has lost it.
        if (nulls_ == 0) text_.fail(result.line, "a name without a value");
        --nulls_;
    }
    return result;
  }

  const Text& text_;
  std::size_t begin_;
  std::string yaml_;
  std::size_t nulls_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

std::vector<Entry> read_yaml(const Text& text) {
  std::vector<Entry> result;
  const auto& lines = text.lines;
  for (std::size_t at = 0; at < lines.size();) {
    if (lines[at].text.empty()) {
      ++at;
      continue;
    }
    if (!key_line(lines[at].text)) not_understood(text, lines[at]);
    auto end = at + 1;
    const auto goes_on = [&](const std::string& line) {
      return line.empty() || line.front() == ' ' || line == "-" || line.starts_with("- ");
    };
    while (end < lines.size() && goes_on(lines[end].text)) ++end;
    for (auto& entry : Document(text, at, end).read()) result.push_back(std::move(entry));
    at = end;
  }
  return result;
}

std::vector<Entry> read_yaml_flow(const Text& text, std::size_t& at) {
  const auto begin = at;
  int open = 0;
  char quote = 0;
  for (; at < text.lines.size(); ++at) {
    for (const char c : text.lines[at].text) {
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{' || c == '[') {
        ++open;
      } else if (c == '}' || c == ']') {
        --open;
      }
    }
    if (open <= 0 && quote == 0) {
      ++at;
      return Document(text, begin, at).read();
    }
  }
  text.fail(text.lines[begin].number, "salt's output is cut off", "run salt again");
}

}  // namespace labctl::inventory::salt
