#include "cli/bundle.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/masked.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "cli/version.hpp"
#include "doctor/recorded.hpp"
#include "inventory/write.hpp"
#include "tunnels/daemon_paths.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <algorithm>

namespace labctl::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes tar_budget{1};

// The end of a file, from the beginning of a line; "" if the file cannot be read.
std::string tail_of(const fs::path& file) {
  constexpr std::size_t most = 256 * 1024;
  auto text = read_or_nothing(file);
  if (text.size() > most) text = text.substr(text.find('\n', text.size() - most) + 1);
  return text;
}

std::string versions() {
  utsname system{};
  ::uname(&system);
  return fmt::format("{}\n{} {} {}\n{}", version_text(), system.sysname, system.release, system.machine,
                     tail_of("/etc/os-release"));
}

std::string bundle_json(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

// A folder that only we can read, removed at the end.
class PrivateFolder {
public:
  PrivateFolder() : path_((fs::temp_directory_path() / "labctl-bundle-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) throw system_error("cannot make a folder", path_);
  }
  ~PrivateFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;

  fs::path path() const { return path_; }

private:
  std::string path_;
};

// A file of a bundle: its path stays inside of the folder.
void write_inside(const fs::path& folder, const std::string& path, const std::string& text) {
  const auto file = (folder / path).lexically_normal();
  const auto inside = file.lexically_relative(folder);
  if (inside.empty() || *inside.begin() == "..") throw Error(Kind::invalid, "not a name for a file", path);
  fs::create_directories(file.parent_path());
  write_file(file, text, 0600);
}

}  // namespace

BundleFiles doctor_files(const std::optional<inventory::Inventory>& inventory,
                         const doctor::Observations& seen, const std::vector<doctor::Finding>& findings) {
  BundleFiles files;
  files["observations.json"] = doctor::to_json_text(seen);
  files["findings.json"] = masked(bundle_json(findings));
  files["versions.txt"] = versions();
  if (inventory) {
    files["inventory.json"] = masked(inventory::to_json(*inventory));
    files["daemon.log"] = masked(tail_of(tunnels::DaemonPaths::of(inventory->name).log));
  }
  if (seen.daemon.status) {
    const nlohmann::json status = *seen.daemon.status;
    files["tunnels.json"] = masked(bundle_json(status));
  }
  return files;
}

void write_bundle(const fs::path& file, const BundleFiles& files) {
  const PrivateFolder folder;
  const auto content = folder.path() / "content", archive = folder.path() / "archive";
  fs::create_directory(content);
  for (const auto& [path, text] : files) write_inside(content, path, text);
  run_checked({.argv = {"tar", "-czf", archive.string(), "-C", content.string(), "."}},
              Deadline::in(tar_budget));
  write_file(file, read_file(archive), 0600);
}

std::optional<std::string> read_from_bundle(const fs::path& file, const std::string& path) {
  if (!fs::exists(file)) throw Error(Kind::not_found, "there is no such file", file.string());
  const auto run_tar = [&](std::vector<std::string> argv) {
    const auto result = run({.argv = std::move(argv)}, Deadline::in(tar_budget));
    if (!result.ok()) {
      throw Error(Kind::invalid, "this is no bundle: " + last_line(result.err), file.string(),
                  "labctl doctor --save FILE and a failed labctl test write bundles");
    }
    return result.out;
  };
  const auto names = lines(run_tar({"tar", "-tzf", file.string()}));
  const auto name = "./" + path;
  if (std::find(names.begin(), names.end(), name) == names.end()) return std::nullopt;
  return run_tar({"tar", "-xzOf", file.string(), name});
}

}  // namespace labctl::cli
