// The probe of what an embedded lab needs of this machine. Without a lab, nothing is looked at.
#include "doctor/probes/lab_host.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "doctor/probes.hpp"
#include "lab/host_check.hpp"
#include "lab/lab.hpp"
#include "lab/lab_paths.hpp"

#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>

namespace labctl::doctor {
namespace {

namespace fs = std::filesystem;

// The inotify instances of root's processes. Only root sees all of them.
std::size_t inotify_instances() {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& process : fs::directory_iterator("/proc", error)) {
    struct stat owner {};
    const auto name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (::stat(process.path().c_str(), &owner) != 0 || owner.st_uid != 0) continue;
    for (fs::directory_iterator fd(process.path() / "fd", error), end; !error && fd != end;
         fd.increment(error)) {
      std::error_code gone;
      if (fs::read_symlink(fd->path(), gone) == "anon_inode:inotify") ++count;
    }
  }
  return count;
}

void look_at_routes(const lab::LabInfo& lab, LabHostSeen& seen, Deadline deadline) {
  const auto interface = lab::LabPaths(lab.name).interface;
  for (const auto& node : lab.nodes) {
    const auto result = run({.argv = {"ip", "-json", "-4", "route", "get", node.address}}, deadline);
    const auto other = interface_of_route(result.out);
    if (result.ok() && !other.empty() && other != interface)
      seen.routes.push_back({lab.name, node.name, node.address, interface, other});
  }
}

}  // namespace

std::string interface_of_route(std::string_view json) {
  const auto routes = nlohmann::json::parse(json, nullptr, false);
  if (!routes.is_array() || routes.empty() || !routes[0].is_object()) return {};
  const auto found = routes[0].find("dev");
  return found != routes[0].end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::vector<ProbeTask> lab_host_tasks(const inventory::Inventory&, Observations& seen) {
  return {[&host = seen.lab_host](Deadline deadline) {
    const auto labs = lab::all();
    if (labs.empty()) return;
    host.lacking = lab::lacking_in_kernel();
    const auto most = trim(read_or_nothing("/proc/sys/fs/inotify/max_user_instances"));
    std::from_chars(most.data(), most.data() + most.size(), host.inotify_most);
    if (::geteuid() == 0) host.inotify_used = inotify_instances();
    for (const auto& lab : labs) {
      if (lab.up) look_at_routes(lab, host, deadline);
    }
  }};
}

}  // namespace labctl::doctor
