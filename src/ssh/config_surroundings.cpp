// What the resolver of ssh_config asks of the real machine.
#include "base/error.hpp"
#include "base/paths.hpp"
#include "ssh/config.hpp"

#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace labctl::ssh {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t entry_size = 16384;

struct User {
  std::string name;
  fs::path home;
};

template <typename Look>
std::optional<User> find_user(Look look) {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, entry_size> buffer{};
  if (look(&entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr) return std::nullopt;
  return User{found->pw_name, found->pw_dir};
}

std::optional<User> user_of(uid_t uid) {
  return find_user([uid](auto... out) { return ::getpwuid_r(uid, out...); });
}

// As Debian's ssh: a group that only the owner is in may write.
bool group_is_owner_alone(const struct stat& found) {
  group entry{};
  group* group = nullptr;
  std::array<char, entry_size> buffer{};
  const auto owner = user_of(found.st_uid);
  if (!owner || ::getgrgid_r(found.st_gid, &entry, buffer.data(), buffer.size(), &group) != 0 ||
      group == nullptr || owner->name != group->gr_name) {
    return false;
  }
  for (char** member = group->gr_mem; *member != nullptr; ++member) {
    if (owner->name != *member) return false;
  }
  return true;
}

std::optional<std::string> read(const fs::path& path, bool checked) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw system_error("cannot read the ssh configuration", path.string());
  }
  if (S_ISDIR(found.st_mode)) return std::nullopt;
  if (checked) {
    const bool foreign = found.st_uid != 0 && found.st_uid != ::getuid();
    const bool writable =
        (found.st_mode & S_IWOTH) != 0 || ((found.st_mode & S_IWGRP) != 0 && !group_is_owner_alone(found));
    if (foreign || writable) {
      throw Error(Kind::refused, foreign ? "belongs to another user" : "others may write it", path.string(),
                  "ssh does not read such a configuration either");
    }
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
            const auto found = find_user([&](auto... out) { return ::getpwnam_r(other.c_str(), out...); });
            return found ? std::optional(found->home) : std::nullopt;
          },
          .read = read,
          .glob = find};
}

}  // namespace labctl::ssh
