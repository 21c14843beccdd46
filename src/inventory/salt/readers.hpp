#pragma once

#include "inventory/salt/text.hpp"
#include "inventory/salt/value.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// One reader for each format of Salt's outputters. Each takes the whole text and returns the names at its top
// level with their values, in order; a name that salt printed twice is returned twice. Unknown syntax is
// Error{invalid} with the line of the input.
namespace labctl::inventory::salt {

std::vector<Entry> read_nested(const Text& text);   // --out=nested, the default, and highstate
std::vector<Entry> read_table(const Text& text);    // --out=table
std::vector<Entry> read_yaml(const Text& text);     // --out=yaml, in block style
std::vector<Entry> read_txt(const Text& text);      // --out=txt
std::vector<Entry> read_objects(const Text& text);  // --out=json, raw and pprint; yaml with --out-indent=-1

// Chooses the reader. Error{invalid} for any other format.
std::vector<Entry> read(const Text& text);

// Shared by the readers.

inline constexpr std::string_view ruler = "----------";  // below a name whose value is a mapping
inline constexpr std::size_t deepest_indent = 200;       // in blanks

// A JSON or Python literal that begins at `column` of lines[at]; sets `at` and `column` to the position after
// it.
Value read_literal(const Text& text, std::size_t& at, std::size_t& column);
// A YAML document in flow style that begins at lines[at]; sets `at` to the line after it.
std::vector<Entry> read_yaml_flow(const Text& text, std::size_t& at);

// "NAME:" or "NAME: VALUE" in the first column, as in the block formats.
struct KeyLine {
  std::string name;
  std::string value;
};
std::optional<KeyLine> key_line(const std::string& line);

// The number of leading blanks.
std::size_t indentation(const std::string& line);

[[noreturn]] void not_understood(const Text& text, const Line& line);

}  // namespace labctl::inventory::salt
