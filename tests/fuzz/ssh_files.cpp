#include "base/error.hpp"
#include "ssh/config.hpp"
#include "ssh/known_hosts.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

// Every file that the configuration names has the same text, so that an Include leads back to it.
void resolve(std::string_view text) {
  labctl::ssh::ConfigSurroundings here;
  here.home = "/home/core";
  here.user_file = "/home/core/.ssh/config";
  here.system_file = "/etc/ssh/ssh_config";
  here.user = "core";
  here.uid = 1000;
  here.host_name = "machine.lab";
  here.environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "KEYS" ? std::optional<std::string>("%h${KEYS}") : std::nullopt;
  };
  here.home_of = [](const std::string& user) -> std::optional<std::filesystem::path> {
    return user == "root" ? std::optional<std::filesystem::path>("/root") : std::nullopt;
  };
  std::size_t reads = 0;
  here.read = [&](const std::filesystem::path&, bool) -> std::optional<std::string> {
    // With two includes per file there would be 2^16 files before the depth limit ends it.
    return ++reads > 64 ? std::nullopt : std::optional<std::string>(text);
  };
  here.glob = [](const std::filesystem::path& path) { return std::vector<std::filesystem::path>{path}; };
  try {
    labctl::ssh::resolve_config({.host = "core1", .user = {}, .port = {}}, here);
  } catch (const labctl::Error&) {
    // ssh stops at these errors too.
  }
}

}  // namespace

// The ssh files of a user. known_hosts never throws: it skips lines that it cannot read, as ssh does. The
// configuration may be refused.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  labctl::ssh::KnownHosts known;
  known.add(text);
  known.check("core1", 22, text.substr(0, 64));
  known.key_types("core1", 2222);
  resolve(text);
  return 0;
}
