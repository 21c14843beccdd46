#pragma once

#include "inventory/salt/text.hpp"
#include "inventory/salt/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One reader for each form that Salt's outputters have. Each takes the whole text and returns the names at
// its top level with their values, in order; a name comes again when salt printed it again. What a reader
// does not know in full is Error{invalid} with the line of the input.
namespace labctl::inventory::salt {

std::vector<Entry> read_nested(const Text& text);   // --out=nested, the default, and highstate
std::vector<Entry> read_table(const Text& text);    // --out=table
std::vector<Entry> read_yaml(const Text& text);     // --out=yaml, in block style
std::vector<Entry> read_txt(const Text& text);      // --out=txt
std::vector<Entry> read_objects(const Text& text);  // --out=json, raw and pprint; yaml with --out-indent=-1

// Chooses the reader. Error{invalid} for a text of another form.
std::vector<Entry> read(const Text& text);

// What the readers share.

inline constexpr std::string_view ruler = "----------";  // below a name whose value is a mapping
inline constexpr std::size_t deepest_indent = 200;       // in blanks

// A JSON or Python literal that begins at `column` of lines[at]; moves `at` and `column` behind it.
Value read_literal(const Text& text, std::size_t& at, std::size_t& column);
// A YAML document in flow style that begins at lines[at]; moves `at` to the line behind it.
std::vector<Entry> read_yaml_flow(const Text& text, std::size_t& at);

// "NAME:" or "NAME: VALUE" in the first column, as the block forms have it.
struct KeyLine {
  std::string name;
  std::string value;
};
std::optional<KeyLine> key_line(const std::string& line);

// The number of blanks that a line begins with.
std::size_t indentation(const std::string& line);

[[noreturn]] void not_understood(const Text& text, const Line& line);

}  // namespace labctl::inventory::salt
