#pragma once

#include <cstdio>
#include <string>

namespace labctl::test {

// One entry of a ustar archive; an archive is its entries and then `tar_end`.
inline std::string tar_entry(const std::string& name, char type, const std::string& content) {
  std::string header(512, '\0');
  name.copy(header.data(), 100);
  char size[13];
  std::snprintf(size, sizeof size, "%011o", static_cast<unsigned>(content.size()));
  header.replace(124, 11, size, 11);
  header[156] = type;
  header.replace(257, 6, "ustar\0", 6);
  std::string padded = content;
  padded.resize((content.size() + 511) / 512 * 512);
  return header + padded;
}

inline const std::string tar_end(1024, '\0');

}  // namespace labctl::test
