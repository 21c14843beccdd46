#include "agent/events_log.hpp"

#include "base/atomic_file.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace labctl::agent {
namespace {

std::string read_all(int fd, const std::string& where) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t count = ::read(fd, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw system_error("cannot read", where);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

// Opens and locks the file; again if the previous lock holder has replaced it meanwhile.
UniqueFd locked(const std::filesystem::path& path) {
  for (;;) {
    UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!fd) throw system_error("cannot open", path.string());
    while (::flock(fd.get(), LOCK_EX) != 0) {
      if (errno != EINTR) throw system_error("cannot lock", path.string());
    }
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0) throw system_error("cannot read", path.string());
    if (status.st_nlink > 0) return fd;
  }
}

}  // namespace

EventsLog::EventsLog(std::filesystem::path path, std::size_t keep) : path_(std::move(path)), keep_(keep) {}

bool EventsLog::begin(std::string_view event_id, const std::function<void()>& before) const {
  const std::string where = path_.string();
  const UniqueFd fd = locked(path_);
  const std::string text = read_all(fd.get(), where);
  std::vector<std::string> ids = lines(text);
  if (std::find(ids.begin(), ids.end(), event_id) != ids.end()) return false;
  if (before) before();
  if (ids.size() >= keep_) {
    // Replaces the whole file. Keeps only half of the ids, so that this happens rarely.
    ids.erase(ids.begin(), ids.end() - static_cast<std::ptrdiff_t>(keep_ / 2));
    ids.emplace_back(event_id);
    write_durably(path_, join(ids, "\n") + "\n");
    return true;
  }
  // If another program wrote the file, its last line may lack the newline.
  const bool open_line = !text.empty() && !text.ends_with('\n');
  write_all(fd.get(), (open_line ? "\n" : "") + std::string(event_id) + "\n", where);
  if (::fdatasync(fd.get()) != 0) throw system_error("cannot write", where);
  return true;
}

}  // namespace labctl::agent
