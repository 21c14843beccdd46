#include "contract/caddyfile.hpp"

#include "base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// A CADDYFILE is either refused with Error, or its rendered form parses as the same sites.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::contract;
  try {
    auto sites = parse_caddyfile(text);
    for (auto& site : sites) apply_defaults(site);
    site_domains(sites);
    site_keys(sites);
    render_caddyfile(sites);
  } catch (const labctl::Error&) {
  }
  return 0;
}
