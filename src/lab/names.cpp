#include "lab/names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace labctl::lab {

void check_name(const std::string& name) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.empty() || name.size() > 32 || name[0] < 'a' || name[0] > 'z' || !std::all_of(name.begin(), name.end(), fits)) {
    throw Error(Kind::usage, fmt::format("'{}' is not a lab's name", name), {},
                "1 to 32 of a-z, 0-9 and '-', beginning with a letter");
  }
}

void check_os(const std::string& os) {
  static const std::array<std::string, 2> known{"bookworm", "trixie"};
  if (std::find(known.begin(), known.end(), os) != known.end()) return;
  const std::string near = nearest(os, known);
  throw Error(Kind::usage, fmt::format("'{}' is not an OS of the lab", os), {},
              near.empty() ? "bookworm or trixie" : fmt::format("did you mean {}?", near));
}

std::string interface_name(const std::string& lab) {
  constexpr std::size_t longest = 15;
  const std::string plain = "lab-" + lab;
  if (plain.size() <= longest) return plain;
  return fmt::format("{}-{:04x}", plain.substr(0, longest - 5), digest(lab) & 0xffff);
}

std::uint64_t digest(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

}  // namespace labctl::lab
