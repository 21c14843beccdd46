#include "observe/buttervolume.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace labctl::observe {

std::string Schedule::text() const {
  return fmt::format("{} every {} min of {}{}", action, minutes, volume, paused ? " (paused)" : "");
}

Snapshot snapshot_named(std::string_view name) {
  const auto parts = split(name, '@');
  return {std::string(name), parts.empty() ? "" : parts[0], parts.size() > 2 ? parts[2] : ""};
}

}  // namespace labctl::observe
