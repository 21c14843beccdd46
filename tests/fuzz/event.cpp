#include "base/error.hpp"
#include "contract/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// The output of a Consul watch is either refused with Error, or what is written from it parses as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::contract;
  auto each = [](const auto& parse, std::string_view payload) {
    try {
      const auto request = parse(payload);
      if (to_payload(parse(to_payload(request))) != to_payload(request)) std::abort();
    } catch (const labctl::Error&) {
    }
  };
  each(parse_deploy, text);
  each(parse_destroy, text);
  each(parse_migrate, text);
  try {
    for (const auto& entry : parse_batch(text)) valid_event_id(entry.event.id);
  } catch (const labctl::Error&) {
  }
  return 0;
}
