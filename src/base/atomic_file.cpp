#include "base/atomic_file.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace labctl {
namespace {

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : ".";
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path target, unsigned mode) : target_(std::move(target)) {
  std::string beside = (folder_of(target_) / ".labctl-XXXXXX").string();
  fd_.reset(::mkostemp(beside.data(), O_CLOEXEC | O_NOFOLLOW));  // adds O_CREAT and O_EXCL; mode 0600
  if (!fd_) throw system_error("cannot write", target_);
  beside_ = std::move(beside);
  if (::fchmod(fd_.get(), mode) != 0) {
    const Error error = system_error("cannot set the mode of", target_);
    ::unlink(beside_.c_str());
    throw Error(error);
  }
}

AtomicFile::~AtomicFile() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

void AtomicFile::write(std::string_view text) { write_all(fd_.get(), text, target_); }

void AtomicFile::commit(Durable durable) {
  if (durable == Durable::yes && ::fsync(fd_.get()) != 0) throw system_error("cannot write", target_);
  // On some file systems (NFS) only close() reports that the disk is full.
  if (::close(fd_.release()) != 0 && errno != EINTR) throw system_error("cannot write", target_);
  if (::rename(beside_.c_str(), target_.c_str()) != 0) throw system_error("cannot replace", target_);
  beside_.clear();
  if (durable == Durable::yes) sync_folder(folder_of(target_));
}

void write_durably(const std::filesystem::path& target, std::string_view text) {
  AtomicFile file(target);
  file.write(text);
  file.commit(Durable::yes);
}

void write_all(int fd, std::string_view text, const std::string& where) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno != EINTR) throw system_error("cannot write", where);
    if (count > 0) text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void sync_folder(const std::filesystem::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get()) != 0) throw system_error("cannot sync folder", folder);
}

}  // namespace labctl
