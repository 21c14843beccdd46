#include "contract/compose.hpp"

#include "base/error.hpp"
#include "contract/checks.hpp"
#include "contract/haproxy.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// A compose file, with everything that the handler reads from it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::contract;
  try {
    const auto compose = parse_compose(text, "anybox/buttervolume:latest");
    std::vector<HaproxyText> texts;
    for (const auto& service : compose.services) {
      if (service.haproxy) texts.push_back({service.name, "p_" + service.name + "_1", *service.haproxy});
      if (service.check_urls) parse_check_urls(*service.check_urls, service.name);
    }
    haproxy_problems(merge_haproxy(texts).config);
  } catch (const labctl::Error&) {
  }
  return 0;
}
