// The real machine's answers to the resolver of ssh_config.
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/trusted_file.hpp"
#include "base/user.hpp"
#include "ssh/config.hpp"

#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> read(const fs::path& path, bool checked) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("cannot read the ssh configuration", path.string());
  }
  if (S_ISDIR(found.st_mode)) return std::nullopt;
  if (checked) {
    const std::string why = why_not_trusted(found);
    if (!why.empty())
      throw Error(Kind::refused, why, path.string(), "ssh does not read such a configuration either");
  }
  return read_file(path);
}

std::vector<fs::path> find(const fs::path& pattern) {
  std::vector<fs::path> paths;
  glob_t found{};
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return paths;
}

}  // namespace

ConfigSurroundings real_surroundings() {
  const auto user = user_of(::getuid());
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  const fs::path home = home_dir();
  return {.home = home,
          .user_file = home / ".ssh/config",
          .system_file = "/etc/ssh/ssh_config",
          .user = user ? user->name : std::to_string(::getuid()),
          .uid = ::getuid(),
          .host_name = name.data(),
          .environment = [](const std::string& variable) -> std::optional<std::string> {
            const char* value = std::getenv(variable.c_str());
            return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
          },
          .home_of = [](const std::string& other) -> std::optional<fs::path> {
            const auto found = user_named(other);
            return found ? std::optional(found->home) : std::nullopt;
          },
          .read = read,
          .glob = find};
}

}  // namespace labctl::ssh
