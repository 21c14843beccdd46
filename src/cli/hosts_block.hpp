#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labctl::cli {

// The lines between "# labctl NAME: begin" and "# labctl NAME: end" of a hosts file. Pure text.

// `entries` are address and host name.
std::string hosts_block(const std::string& name,
                        const std::vector<std::pair<std::string, std::string>>& entries);

// The file with this block instead of the existing one of that name, or at its end.
std::string with_block(std::string_view file, const std::string& name, const std::string& block);
std::string without_block(std::string_view file, const std::string& name);

}  // namespace labctl::cli
