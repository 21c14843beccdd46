#include "lab/names.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace labctl::lab {

bool is_name(const std::string& name) {
  auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= 32 && name[0] >= 'a' && name[0] <= 'z' &&
         std::all_of(name.begin(), name.end(), fits);
}

void check_name(const std::string& name) {
  if (!is_name(name)) {
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

std::string lab_tag(const std::string& lab, const std::filesystem::path& state) {
  if (state == "/var/lib/labctl") return lab;
  return fmt::format("{}-{:06x}", lab, digest(state.lexically_normal().string()) & 0xffffff);
}

std::string interface_name(const std::string& tag) {
  constexpr std::size_t longest = 15;
  std::string plain = "lab-" + tag;
  if (plain.size() <= longest) return plain;
  return fmt::format("{}-{:05x}", plain.substr(0, longest - 6), digest(tag) & 0xfffff);
}

}  // namespace labctl::lab
