#include "base/error.hpp"
#include "docker/stream.hpp"
#include "docker/tar.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Bytes from a Docker engine, split at any point.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  try {
    labctl::docker::Demultiplexer whole;
    whole.feed(text);
  } catch (const labctl::Error&) {
  }
  try {
    labctl::docker::Demultiplexer pieces;
    for (std::size_t at = 0; at < text.size(); at += 3) pieces.feed(text.substr(at, 3));
  } catch (const labctl::Error&) {
  }
  try {
    labctl::docker::first_tar_entry(text);
  } catch (const labctl::Error&) {
  }
  return 0;
}
