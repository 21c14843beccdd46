#pragma once

#include "runner/result.hpp"

#include <string>
#include <string_view>

// Small parts of the report page.
namespace labctl::runner {

// A text as HTML, in elements and in quoted attributes. It comes from nodes: control characters, which HTML
// does not allow, become "\x01".
std::string escaped(std::string_view text);

// A word in a coloured field; `word` is also its class, with "-" for blanks.
std::string field_of(std::string_view kind, std::string_view word);

// The change against a baseline and its remark; "" if there is none.
std::string change_field(const Compared& compared);

// The id of a scenario's section.
std::string anchor_of(const ScenarioResult& scenario);

}  // namespace labctl::runner
