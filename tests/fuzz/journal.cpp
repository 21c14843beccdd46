#include "lab/journal.hpp"

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// A journal that a crash has truncated or a user has edited.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  try {
    for (const auto& entry : labctl::lab::parse_journal(text, "journal")) labctl::lab::to_line(entry);
  } catch (const labctl::Error&) {
  }
  return 0;
}
