#include "tunnels/socks.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

// What a SOCKS client sends ends in a target, in a refusal with a reason, or needs more bytes. sshd can be
// asked for the target.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace labctl::tunnels;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  SocksReader reader;
  while (reader.state() == SocksReader::State::reading) {
    const std::size_t wanted = reader.wanted();
    if (wanted == 0 || wanted > 257) std::abort();
    if (wanted > rest.size()) return 0;
    reader.take(rest.substr(0, wanted));
    rest.remove_prefix(wanted);
  }
  if (reader.state() == SocksReader::State::refused) {
    if (reader.problem().empty()) std::abort();
    return 0;
  }
  const auto& target = reader.target();
  if (target.port == 0 || target.is_unix_socket() || target.host.empty()) std::abort();
  if (target.host.find('\0') != std::string::npos) std::abort();
  if (plain_host(plain_host(target.host)).size() > target.host.size()) std::abort();
  return 0;
}
