#include "docker/tar.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace labctl::docker {
namespace {

constexpr std::size_t block = 512;

// POSIX.1 ustar header: field offsets and lengths.
std::string_view field(std::string_view header, std::size_t offset, std::size_t length) {
  const auto text = header.substr(offset, length);
  return text.substr(0, text.find('\0'));
}

std::size_t octal(std::string_view text) {
  std::size_t value = 0;
  for (const char c : text) {
    if (c == ' ') continue;
    if (c < '0' || c > '7') throw Error(Kind::invalid, "not a tar archive: a size is not octal");
    value = value * 8 + static_cast<std::size_t>(c - '0');
  }
  return value;
}

}  // namespace

std::optional<TarEntry> first_tar_entry(std::string_view archive) {
  while (archive.size() >= block) {
    const auto header = archive.substr(0, block);
    if (std::all_of(header.begin(), header.end(), [](char c) { return c == '\0'; })) return std::nullopt;
    if (header.substr(257, 5) != "ustar") throw Error(Kind::invalid, "not a tar archive");
    const auto size = octal(field(header, 124, 12));
    const char type = header[156] == '\0' ? '0' : header[156];
    archive.remove_prefix(block);
    if (archive.size() < size) throw Error(Kind::invalid, "the tar archive is cut short");
    const bool extension = type == 'x' || type == 'g' || type == 'L' || type == 'K';
    if (!extension) {
      return TarEntry{std::string(field(header, 0, 100)), type, std::string(archive.substr(0, size)),
                      std::string(field(header, 157, 100))};
    }
    archive.remove_prefix(std::min(archive.size(), (size + block - 1) / block * block));
  }
  if (!archive.empty()) throw Error(Kind::invalid, "the tar archive is cut short");
  return std::nullopt;
}

}  // namespace labctl::docker
