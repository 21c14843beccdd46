#include "ssh/key_options.hpp"
#include "ssh/socket_look.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// What a node says in a debug message, and in the output of our command.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  labctl::ssh::read_key_options(text);
  labctl::ssh::read_look(text);
  return 0;
}
