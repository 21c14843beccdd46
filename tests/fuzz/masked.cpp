#include "base/masked.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The log of any program. Masking never changes which line is which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto masked = labctl::masked(text);
  if (std::count(masked.begin(), masked.end(), '\n') != std::count(text.begin(), text.end(), '\n'))
    std::abort();
  return 0;
}
