#include "base/paths.hpp"

#include "base/atomic_file.hpp"
#include "base/error.hpp"
#include "base/user.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace labctl {
namespace {

namespace fs = std::filesystem;

// The variable's value if it is an absolute path, otherwise empty. The XDG specification requires that
// relative paths are ignored.
fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || value[0] != '/') return {};
  return value;
}

fs::path installed_share() { return self_path().parent_path().parent_path() / "share/labctl"; }

bool root() { return ::geteuid() == 0; }

// Root also trusts the user who called sudo: that user can do everything as root anyway.
bool trusted(uid_t owner) {
  if (owner == 0 || owner == ::geteuid()) return true;
  const char* caller = std::getenv("SUDO_UID");
  return root() && caller != nullptr && std::to_string(owner) == caller;
}

struct stat look_at(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) throw system_error("cannot look at folder", path);
  return found;
}

[[noreturn]] void refuse(const std::string& why, const fs::path& path, const struct stat& found) {
  const unsigned mode = found.st_mode & 07777;
  std::array<char, 8> octal{};
  std::snprintf(octal.data(), octal.size(), "%04o", mode);
  throw Error(Kind::conflict, why + " (owner " + user_name(found.st_uid) + ", mode " + octal.data() + ")",
              path, "nothing there is used; set LABCTL_RUNTIME_DIR to a folder that is yours alone");
}

// A user who can change a parent folder can replace our folder with another one.
void require_safe_above(const fs::path& folder) {
  const auto found = look_at(folder);
  if (!trusted(found.st_uid)) refuse("belongs to another user", folder, found);
  const bool link = S_ISLNK(found.st_mode);
  const bool sticky = (found.st_mode & S_ISVTX) != 0;
  if (link || sticky) return;
  if ((found.st_mode & S_IWOTH) != 0) refuse("can be written by every user", folder, found);
  if ((found.st_mode & S_IWGRP) != 0 && found.st_gid != 0 && !is_group_of_one(found.st_gid, found.st_uid))
    refuse("can be written by its group", folder, found);
}

}  // namespace

fs::path home_dir() {
  if (auto home = from_environment("HOME"); !home.empty()) return home;
  const auto user = user_of(::geteuid());
  return user ? user->home : "/";
}

fs::path runtime_dir() {
  if (auto path = from_environment("LABCTL_RUNTIME_DIR"); !path.empty()) return path;
  if (auto path = from_environment("XDG_RUNTIME_DIR"); !path.empty()) return path / "labctl";
  return root() ? fs::path("/run/labctl") : fs::path("/tmp/labctl-" + std::to_string(::geteuid()));
}

fs::path cache_dir() {
  if (auto path = from_environment("LABCTL_CACHE_DIR"); !path.empty()) return path;
  if (root()) return "/var/cache/labctl";
  if (auto path = from_environment("XDG_CACHE_HOME"); !path.empty()) return path / "labctl";
  return home_dir() / ".cache/labctl";
}

fs::path state_dir() {
  if (auto path = from_environment("LABCTL_STATE_DIR"); !path.empty()) return path;
  return "/var/lib/labctl";
}

fs::path config_dir() {
  if (auto path = from_environment("XDG_CONFIG_HOME"); !path.empty()) return path / "labctl";
  return home_dir() / ".config/labctl";
}

fs::path share_dir() {
  if (auto path = from_environment("LABCTL_SHARE_DIR"); !path.empty()) return path;
  if (installed()) return installed_share();
  // Relative to the program, so that a program does not depend on the folder that it was built in.
  return (self_path().parent_path() / LABCTL_TOOLS_FROM_BIN).lexically_normal();
}

bool installed() { return fs::is_directory(installed_share()); }

fs::path self_path() { return fs::read_symlink("/proc/self/exe"); }

fs::path expand_home(std::string_view path) {
  if (path == "~") return home_dir();
  if (path.starts_with("~/")) return home_dir() / path.substr(2);
  return path;
}

void make_private_dir(const fs::path& path) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw system_error("cannot make folder", path);
  require_private_dir(path);
}

void require_private_dir(const fs::path& path) {
  const auto found = look_at(path);
  if (!S_ISDIR(found.st_mode)) refuse("is not a folder", path, found);
  if (found.st_uid != ::geteuid()) refuse("belongs to another user", path, found);
  if ((found.st_mode & 077) != 0) refuse("is open to other users; it must have mode 0700", path, found);
  const auto above = fs::absolute(path).parent_path();
  // The path as written, with its links, and the path with all links resolved.
  for (const auto& chain : {above, fs::canonical(above)}) {
    for (auto folder = chain; folder != folder.root_path(); folder = folder.parent_path())
      require_safe_above(folder);
  }
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (errno == ENOENT) throw Error(Kind::not_found, "no such file", path);
    throw system_error("cannot read", path);
  }
  std::ostringstream text;
  text << file.rdbuf();
  if (fs::is_directory(path)) throw Error(Kind::invalid, "is a folder", path);
  return std::move(text).str();
}

std::string read_or_nothing(const fs::path& path) {
  try {
    return read_file(path);
  } catch (const Error&) {
    return {};
  }
}

void write_file(const fs::path& path, std::string_view text, unsigned mode) {
  AtomicFile file(path, mode);
  file.write(text);
  file.commit();
}

}  // namespace labctl
