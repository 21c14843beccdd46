#include "ssh/host_key.hpp"

#include "base/atomic_file.hpp"
#include "base/base64.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/trusted_file.hpp"
#include "base/unique_fd.hpp"
#include "ssh/current_failure.hpp"
#include "ssh/session.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace labctl::ssh {
namespace {

bool ends_in_the_middle_of_a_line(int fd) {
  const off_t size = ::lseek(fd, 0, SEEK_END);
  char last = 0;
  return size > 0 && ::pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

std::string HostKey::line() const { return name + " " + key_type(key) + " " + encode_base64(key); }

HostKey read_host_key(const Target& target, Deadline deadline) {
  asio::io_context io(1);
  std::optional<HostKey> found;
  std::exception_ptr problem;
  bool done = false;
  asio::co_spawn(io, Session::host_key(target, deadline), [&](std::exception_ptr error, HostKey key) {
    done = true;
    problem = error;
    if (!error) found = std::move(key);
  });
  while (!done && io.run_one() > 0) {
  }
  if (problem) std::rethrow_exception(problem);
  return std::move(*found);
}

void add_to_known_hosts(const HostKey& key) {
  const auto folder = key.file.parent_path();
  if (!std::filesystem::exists(folder)) make_private_dir(folder);
  const UniqueFd fd(::open(key.file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  struct stat seen {};
  if (!fd || ::fstat(fd.get(), &seen) != 0) throw system_error("cannot write", key.file.string());
  if (const auto why = why_not_trusted(seen); !why.empty())
    throw Error(Kind::refused, why, key.file.string(), "chmod go-w " + key.file.string());
  // One write, so that a line of another program cannot come in between.
  write_all(fd.get(), (ends_in_the_middle_of_a_line(fd.get()) ? "\n" : "") + key.line() + "\n",
            key.file.string());
}

}  // namespace labctl::ssh
