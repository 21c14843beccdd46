#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace labctl::docker {

struct TarEntry {
  std::string name;
  char type = '0';  // '0' file, '5' folder, '2' symbolic link
  std::string content;
  std::string link_target;
};

// The first real entry of a tar archive (ustar, GNU or pax: extension headers are skipped); nullopt for an
// empty archive, Error{invalid} for a truncated archive or another format.
std::optional<TarEntry> first_tar_entry(std::string_view archive);

}  // namespace labctl::docker
