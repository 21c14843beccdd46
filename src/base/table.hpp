#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl {

// The width of a UTF-8 text in columns; every character counts as one.
std::size_t columns(std::string_view text);
// The text, or its first columns and "…" if it is wider.
std::string cut(const std::string& text, std::size_t width);

// A table for people. If its lines would be wider than 80 columns, it takes several lines for each row: first
// the column `below` moves to an indented line of its own; if that is not enough, the first column gets a
// line of its own too. The heads move with their columns. A single cell may still be wider.
class TextTable {
public:
  TextTable(std::vector<std::string> heads, std::size_t below) : heads_(std::move(heads)), below_(below) {}

  // As many cells as heads. `after`: lines below the row, printed as they are.
  void add(std::vector<std::string> cells, std::string after = {});
  // Lines between the rows, printed as they are.
  void add_lines(std::string lines);

  // Colours a cell: gets the number of the row, from 0 (heads and lines do not count), the column, and the
  // text with its padding.
  using Painter = std::function<std::string(std::size_t row, std::size_t column, const std::string& text)>;
  std::string text(const Painter& paint = {}) const;

private:
  struct Row {
    std::vector<std::string> cells;  // none: only `after`
    std::string after;
  };

  std::vector<std::string> heads_;
  std::size_t below_;
  std::vector<Row> rows_;
};

}  // namespace labctl
