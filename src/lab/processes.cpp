#include "lab/processes.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fmt/core.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <set>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

using FileId = std::pair<dev_t, ino_t>;

std::optional<FileId> id_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileId{found.st_dev, found.st_ino};
}

std::vector<pid_t> processes_where(const std::function<bool(const fs::path&)>& fits) {
  std::vector<pid_t> pids;
  std::error_code gone;
  for (fs::directory_iterator it("/proc", gone), end; !gone && it != end; it.increment(gone)) {
    const std::string name = it->path().filename();
    if (!std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; })) continue;
    if (fits(it->path())) pids.push_back(std::stoi(name));
  }
  return pids;
}

bool is_in(const std::set<FileId>& namespaces, const fs::path& process) {
  const auto id = id_of(process / "ns/net");
  return id && namespaces.contains(*id);
}

std::vector<pid_t> processes_of(const std::set<FileId>& namespaces) {
  if (namespaces.empty()) return {};
  return processes_where([&](const fs::path& process) { return is_in(namespaces, process); });
}

bool holds(const FileId& file, const fs::path& process) {
  std::error_code gone;
  for (fs::directory_iterator it(process / "fd", gone), end; !gone && it != end; it.increment(gone)) {
    if (id_of(it->path()) == file) return true;
  }
  return false;
}

fs::path folder_of(pid_t pid) { return fmt::format("/proc/{}", pid); }

using IsMeant = std::function<bool(pid_t)>;

// A pid may have been reused since it was listed. So `meant` is called again after the handle is open, and
// the signal is sent through that handle.
void kill_processes(const std::vector<pid_t>& pids, const IsMeant& meant, Deadline deadline) {
  std::vector<UniqueFd> handles;
  for (const pid_t pid : pids) {
    UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!handle || !meant(pid)) continue;
    ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0);
    handles.push_back(std::move(handle));
  }
  for (const auto& handle : handles) {
    pollfd wait{handle.get(), POLLIN, 0};
    while (::poll(&wait, 1, static_cast<int>(deadline.left().count())) <= 0) {
      if (deadline.passed()) {
        throw Error(Kind::timeout, fmt_seconds("a killed process has not ended after", deadline.budget()));
      }
    }
  }
}

std::set<FileId> namespaces_at(const std::vector<fs::path>& files) {
  std::set<FileId> namespaces;
  const auto ours = id_of("/proc/self/ns/net");
  for (const auto& file : files) {
    // A file without a namespace mounted on it has an id too, but no process is in a namespace with that id.
    // Our own namespace must never be in the set, even if someone mounted it there.
    if (const auto id = id_of(file); id && id != ours) namespaces.insert(*id);
  }
  return namespaces;
}

}  // namespace

std::vector<pid_t> processes_in(const fs::path& netns) { return processes_of(namespaces_at({netns})); }

std::optional<pid_t> first_process(const fs::path& netns) {
  // A container on the host network has its own process 1 in the same network namespace, but in a pid
  // namespace below the node's. So the process 1 with the fewest numbers in NSpid is the node's.
  std::optional<pid_t> first;
  std::size_t fewest = 0;
  for (const pid_t pid : processes_in(netns)) {
    std::string status;
    try {
      status = read_file(folder_of(pid) / "status");
    } catch (const Error&) {
      continue;
    }
    for (const auto& line : lines(status)) {
      if (!line.starts_with("NSpid:")) continue;
      const auto numbers = split(trim(line.substr(6)), '\t');
      if (numbers.size() < 2 || numbers.back() != "1" || (first && numbers.size() >= fewest)) continue;
      first = pid;
      fewest = numbers.size();
    }
  }
  return first;
}

void kill_processes_in(const std::vector<fs::path>& netns, Deadline deadline) {
  const auto namespaces = namespaces_at(netns);
  const IsMeant meant = [&](pid_t pid) { return is_in(namespaces, folder_of(pid)); };
  // A process may fork meanwhile: repeat until there is no process.
  for (auto pids = processes_of(namespaces); !pids.empty(); pids = processes_of(namespaces)) {
    kill_processes(pids, meant, deadline);
  }
}

void kill_processes_holding(const fs::path& file, Deadline deadline) {
  const auto wanted = id_of(file);
  if (!wanted) return;
  const IsMeant meant = [&](pid_t pid) { return pid != ::getpid() && holds(*wanted, folder_of(pid)); };
  kill_processes(processes_where([&](const fs::path& process) { return holds(*wanted, process); }), meant,
                 deadline);
}

}  // namespace labctl::lab
