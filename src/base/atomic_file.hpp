#pragma once

#include "base/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace labctl {

// Whether what was written must survive a power cut once the call has returned.
enum class Durable { no, yes };

// Replaces a file atomically. The text is written to a new file with a random name in the same folder
// (O_EXCL: another user cannot have created it, no link is followed). commit() renames it; without commit()
// the destructor removes it. Errors are Error{system} with the target in `where`.
class AtomicFile {
public:
  explicit AtomicFile(std::filesystem::path target, unsigned mode = 0644);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view text);
  // Once. A target that is a symbolic link is replaced, not followed.
  void commit(Durable durable = Durable::no);

private:
  std::filesystem::path target_;
  std::string beside_;  // "" once committed
  UniqueFd fd_;
};

// Writes an AtomicFile with mode 0644; content and name are on disk when it returns.
void write_durably(const std::filesystem::path& target, std::string_view text);

// Writes all of the text, with as many write(2) calls as needed. Error{system}, for example on a full disk.
void write_all(int fd, std::string_view text, const std::string& where);

// Syncs the folder: names that were created or changed in it are on disk. Error{system}.
void sync_folder(const std::filesystem::path& folder);

}  // namespace labctl
