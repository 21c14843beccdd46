#include "base/paths.hpp"

#include "base/error.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace labctl {
namespace {

namespace fs = std::filesystem;

// The variable's value if it is set to an absolute path; relative ones are ignored, as the XDG specification
// says.
fs::path from_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || value[0] != '/') return {};
  return value;
}

bool root() { return ::geteuid() == 0; }

}  // namespace

fs::path home_dir() {
  if (auto home = from_environment("HOME"); !home.empty()) return home;
  if (const passwd* entry = ::getpwuid(::geteuid()); entry != nullptr) return entry->pw_dir;
  return "/";
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
  if (fs::exists(fs::path(LABCTL_SOURCE_DIR) / "tools/lab")) return fs::path(LABCTL_SOURCE_DIR) / "tools";
  return "/usr/share/labctl";
}

fs::path self_path() { return fs::read_symlink("/proc/self/exe"); }

fs::path expand_home(std::string_view path) {
  if (path == "~") return home_dir();
  if (path.starts_with("~/")) return home_dir() / path.substr(2);
  return path;
}

void make_private_dir(const fs::path& path) {
  if (path.has_parent_path()) fs::create_directories(path.parent_path());
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) throw system_error("cannot make folder", path);
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) throw system_error("cannot look at folder", path);
  if (!S_ISDIR(found.st_mode) || found.st_uid != ::geteuid() || (found.st_mode & 077) != 0) {
    throw Error(Kind::conflict, "is not a folder of ours alone (mode 0700)", path,
                "remove it, or set LABCTL_RUNTIME_DIR");
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

void write_file(const fs::path& path, std::string_view text, unsigned mode) {
  const fs::path beside = path.string() + ".new." + std::to_string(::getpid());
  UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!fd) throw system_error("cannot write", path);
  ::fchmod(fd.get(), mode);
  while (!text.empty()) {
    const ssize_t count = ::write(fd.get(), text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      const Error error = system_error("cannot write", path);
      ::unlink(beside.c_str());
      throw error;
    }
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
  fd.reset();
  if (::rename(beside.c_str(), path.c_str()) != 0) throw system_error("cannot replace", path);
}

}  // namespace labctl
