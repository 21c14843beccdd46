#include "ssh/config.hpp"
#include "ssh/known_hosts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The files of a user: they must never throw, ssh passes over what does not read.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  labctl::ssh::KnownHosts known;
  known.add(text);
  known.check("core1", 22, text.substr(0, 64));
  known.key_types("core1", 2222);
  labctl::ssh::parse_config(text, "core1", "/nonexistent");
  return 0;
}
