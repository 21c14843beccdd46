#include "cli/hosts_block.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::cli {
namespace {

std::string begin_line(const std::string& name) { return fmt::format("# labctl {}: begin", name); }
std::string end_line(const std::string& name) { return fmt::format("# labctl {}: end", name); }

}  // namespace

std::string hosts_block(const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string block = begin_line(name) + "\n";
  for (const auto& [address, host] : entries) block += fmt::format("{}\t{}\n", address, host);
  return block + end_line(name) + "\n";
}

std::string without_block(std::string_view file, const std::string& name) {
  const auto all = lines(file);
  std::string result;
  for (std::size_t at = 0; at < all.size(); ++at) {
    if (trim(all[at]) == begin_line(name)) {
      auto end = at;
      while (end < all.size() && trim(all[end]) != end_line(name)) ++end;
      // A block without its end line is not removed: the lines after it may not be ours.
      if (end < all.size()) {
        at = end;
        continue;
      }
    }
    result += all[at] + "\n";
  }
  return result;
}

std::string with_block(std::string_view file, const std::string& name, const std::string& block) {
  return without_block(file, name) + block;
}

}  // namespace labctl::cli
