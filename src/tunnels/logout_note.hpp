#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace labctl::tunnels {

// What systemd-logind does to a daemon at the user's last logout; "" if it does nothing: the user may linger,
// logind does not know the user, or the runtime folder is elsewhere. Facts: loginctl(1), sd_uid_get_state(3)
// and logind.conf(5). `root` is / except in tests.
std::string logout_note(const std::filesystem::path& runtime, uid_t uid, const std::string& user,
                        const std::filesystem::path& root = "/");

}  // namespace labctl::tunnels
