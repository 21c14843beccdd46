#include "base/error.hpp"
#include "ssh/certificate.hpp"
#include "ssh/signature.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// What a host shows as its certificate, before anybody trusts it: the whole, and as a key with a signature.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view blob(reinterpret_cast<const char*>(data), size);
  try {
    const auto certificate = labctl::ssh::read_certificate(blob);
    labctl::ssh::why_not_valid_host(certificate, "core1", 1'700'000'000, "");
    static_cast<void>(certificate.line());
  } catch (const labctl::Error&) {
    // The login ends.
  }
  const auto half = blob.substr(0, size / 2);
  labctl::ssh::verify_signature(half, "data", blob.substr(size / 2));
  return 0;
}
