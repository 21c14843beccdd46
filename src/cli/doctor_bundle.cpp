#include "cli/doctor_bundle.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "cli/version.hpp"
#include "inventory/write.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>

namespace labctl::cli {
namespace {

namespace fs = std::filesystem;

// The end of a file, from the beginning of a line; "" if the file cannot be read.
std::string tail_of(const fs::path& file) {
  constexpr std::size_t most = 256 * 1024;
  try {
    auto text = read_file(file);
    if (text.size() > most) text = text.substr(text.find('\n', text.size() - most) + 1);
    return text;
  } catch (const Error&) {
    return {};
  }
}

std::string versions() {
  utsname system{};
  ::uname(&system);
  return fmt::format("{}\n{} {} {}\n{}", version_text(), system.sysname, system.release, system.machine,
                     tail_of("/etc/os-release"));
}

}  // namespace

void write_bundle(const fs::path& file, const std::optional<inventory::Inventory>& inventory,
                  const doctor::Observations& seen, const std::vector<doctor::Finding>& findings) {
  std::string name = (fs::temp_directory_path() / "labctl-doctor-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw system_error("cannot make a folder", name);
  struct Folder {
    fs::path path;
    ~Folder() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  } const folder{name};
  const nlohmann::ordered_json report = findings;
  write_file(folder.path / "findings.json",
             report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  write_file(folder.path / "versions.txt", versions());
  if (inventory) {
    write_file(folder.path / "inventory.json", inventory::to_json(*inventory));
    write_file(folder.path / "daemon.log", tail_of(tunnels::DaemonPaths::of(inventory->name).log));
  }
  if (seen.daemon.status) {
    const nlohmann::json status = *seen.daemon.status;
    write_file(folder.path / "tunnels.json",
               status.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  const auto target = fs::absolute(file);
  const auto before = ::umask(077);
  try {
    run_checked({.argv = {"tar", "-czf", target.string(), "-C", folder.path.string(), "."}},
                Deadline::in(std::chrono::minutes(1)));
  } catch (...) {
    ::umask(before);
    throw;
  }
  ::umask(before);
}

}  // namespace labctl::cli
