#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace labctl::inventory::salt {

struct Entry;

// What a minion returned, independent of the outputter. Numbers and booleans are texts: "0", "False".
struct Value {
  enum class Kind { nothing, text, list, mapping };
  Kind kind = Kind::nothing;
  std::size_t line = 0;  // of the input, where it begins
  std::string text;
  std::vector<Value> items;
  std::vector<Entry> entries;  // in the input's order, each name once
  // The nested format prints nothing for an empty value, so the text after such a name might belong to it.
  bool doubtful = false;

  const Value* find(const std::string& name) const;
};

struct Entry {
  std::string name;
  Value value;
  std::size_t line = 0;
};

inline const Value* Value::find(const std::string& name) const {
  for (const auto& entry : entries) {
    if (entry.name == name) return &entry.value;
  }
  return nullptr;
}

}  // namespace labctl::inventory::salt
