#include "base/table.hpp"

#include <algorithm>
#include <numeric>

namespace labctl {
namespace {

constexpr std::size_t widest = 80;
constexpr std::string_view between = "  ";

// The first `count` characters.
std::string_view first_characters(std::string_view text, std::size_t count) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (seen++ == count) return text.substr(0, i);
  }
  return text;
}

// Each line of a row has some of the columns.
using Layout = std::vector<std::vector<std::size_t>>;

std::size_t width_of(const std::vector<std::size_t>& line, const std::vector<std::size_t>& widths) {
  const auto add = [&](std::size_t sum, std::size_t column) { return sum + widths[column]; };
  return std::accumulate(line.begin(), line.end(), between.size() * (line.size() - 1), add);
}

Layout layout_of(const std::vector<std::size_t>& widths, std::size_t below) {
  std::vector<std::size_t> all(widths.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (width_of(all, widths) <= widest) return {all};
  std::erase(all, below);
  if (width_of(all, widths) <= widest) return {all, {below}};
  return {{all.front()}, {all.begin() + 1, all.end()}, {below}};
}

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string cut(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  return width == 0 ? "" : std::string(first_characters(text, width - 1)) + "…";
}

void TextTable::add(std::vector<std::string> cells, std::string after) {
  rows_.push_back({std::move(cells), std::move(after)});
}

void TextTable::add_lines(std::string lines) { rows_.push_back({{}, std::move(lines)}); }

std::string TextTable::text(const Painter& paint) const {
  std::vector<std::size_t> widths(heads_.size());
  const auto widen = [&](const std::vector<std::string>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], columns(cells[i]));
  };
  widen(heads_);
  for (const auto& row : rows_) widen(row.cells);
  const auto layout = layout_of(widths, below_);

  const auto row_text = [&](const std::vector<std::string>& cells, auto painted) {
    std::string result;
    for (std::size_t line = 0; line < layout.size(); ++line) {
      if (line > 0) result += between;
      for (const auto column : layout[line]) {
        const bool last = column == layout[line].back();
        const auto padding = last ? 0 : widths[column] - columns(cells[column]);
        result += painted(column, cells[column] + std::string(padding, ' '));
        if (!last) result += between;
      }
      result += "\n";
    }
    return result;
  };
  auto text = row_text(heads_, [](std::size_t, const std::string& cell) { return cell; });
  std::size_t number = 0;
  for (const auto& row : rows_) {
    if (!row.cells.empty()) {
      text += row_text(row.cells, [&](std::size_t column, const std::string& cell) {
        return paint ? paint(number, column, cell) : cell;
      });
      ++number;
    }
    text += row.after;
  }
  return text;
}

}  // namespace labctl
