#include "contract/record.hpp"

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// A KV record is either refused with Error, or what is written from it parses as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::contract;
  try {
    const auto record = parse_record(text);
    if (to_text(parse_record(to_text(record))) != to_text(record)) std::abort();
  } catch (const labctl::Error&) {
  }
  return 0;
}
