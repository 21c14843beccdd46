#pragma once

#include "base/unique_fd.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace labctl {

// Whether what was written must survive a power cut once the call has returned.
enum class Durable { no, yes };

// A text that takes the place of a file as a whole. It is written to a new file of random name in the same
// folder, which nobody can have put there before (O_EXCL: no link is followed), and which the destructor
// removes unless commit() has given it its name. Errors are Error{system} with the target in `where`.
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

// Writes an AtomicFile with mode 0644; the text and its name are on the disk when it returns.
void write_durably(const std::filesystem::path& target, std::string_view text);

// All of the text, whatever number of write(2) that takes. Error{system}, for example on a full disk.
void write_all(int fd, std::string_view text, const std::string& where);

// Names that were made or changed in the folder are on the disk. Error{system}.
void sync_folder(const std::filesystem::path& folder);

}  // namespace labctl
