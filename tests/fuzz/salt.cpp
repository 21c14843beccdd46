#include "inventory/salt.hpp"

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The output of salt in any form, read as addresses and as host keys.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  try {
    labctl::inventory::inventory_from_salt(labctl::inventory::parse_salt(text), {});
  } catch (const labctl::Error&) {
  }
  try {
    labctl::inventory::parse_salt_host_keys(text, "salt's output");
  } catch (const labctl::Error&) {
  }
  return 0;
}
