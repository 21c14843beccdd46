#include "tunnels/logout_note.hpp"

namespace labctl::tunnels {

std::string logout_note(const std::filesystem::path& runtime, uid_t uid, const std::string& user,
                        const std::filesystem::path& root) {
  const std::string folder = "/run/user/" + std::to_string(uid);
  if (!runtime.string().starts_with(folder + "/")) return "";
  std::error_code ignored;
  if (!std::filesystem::exists(root / "run/systemd/users" / std::to_string(uid), ignored)) return "";
  if (std::filesystem::exists(root / "var/lib/systemd/linger" / user, ignored)) return "";
  return "at your last logout systemd removes " + folder +
         " with the sockets, and ends the tunnels if KillUserProcesses is set; loginctl enable-linger keeps "
         "both";
}

}  // namespace labctl::tunnels
