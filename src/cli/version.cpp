#include "cli/version.hpp"

#include "cli/revision.hpp"
#include "http/version.hpp"
#include "ssh/versions.hpp"

#include <fmt/core.h>

namespace labctl::cli {

std::string version_text() {
  return fmt::format("labctl {} (git {})\nlibssh2 {}\nOpenSSL {}\nlibcurl {}", LABCTL_VERSION, revision,
                     ssh::libssh2_version(), ssh::openssl_version(), http::libcurl_version());
}

}  // namespace labctl::cli
