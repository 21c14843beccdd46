#include "inventory/inventory.hpp"

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// An inventory is either refused with Error or read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  try {
    labctl::inventory::parse(std::string(text), "fuzz.yaml");
  } catch (const labctl::Error&) {
  }
  return 0;
}
