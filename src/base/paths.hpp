#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace labctl {

// Standard locations. For tests, each can be changed by the environment variable that is named here.

// Sockets, lock and log of tunnel daemons, one folder per inventory name. LABCTL_RUNTIME_DIR, else
// $XDG_RUNTIME_DIR/labctl, else /run/labctl for root, /tmp/labctl-UID for others.
std::filesystem::path runtime_dir();

// Cached results of set-up that take long to build: roots, images, plugin. LABCTL_CACHE_DIR, else
// /var/cache/labctl for root, $XDG_CACHE_HOME/labctl or ~/.cache/labctl for others.
std::filesystem::path cache_dir();

// State of embedded labs, readable by all, written by root. LABCTL_STATE_DIR, else /var/lib/labctl.
std::filesystem::path state_dir();

// User configuration: $XDG_CONFIG_HOME/labctl or ~/.config/labctl.
std::filesystem::path config_dir();

// The files that labctl ships (lab stack, node init, images, set-up): LABCTL_SHARE_DIR, else
// PREFIX/share/labctl for the installed program PREFIX/bin/labctl, else tools/ of its checkout.
std::filesystem::path share_dir();

// Whether this program is an installed one, of the package or of `cmake --install`.
bool installed();

// Our own running binary.
std::filesystem::path self_path();

std::filesystem::path home_dir();

// Replaces a leading "~/" by the home folder; anything else is unchanged.
std::filesystem::path expand_home(std::string_view path);

// Creates the folder and its parents with mode 0700, or checks an existing one with require_private_dir().
void make_private_dir(const std::filesystem::path& path);

// Rejects a folder that another user could have created or could change: its content, above all its sockets,
// cannot be trusted. It must be a folder (no symbolic link) that we own, without any permission for group or
// others. Every parent folder must belong to root or to us and not be writable for others, unless it is
// sticky like /tmp. A parent may be writable for a group whose only member is its owner. With sudo, folders
// of the calling user count as root's. Error{conflict} names the folder, its owner and its mode.
void require_private_dir(const std::filesystem::path& path);

// The whole file. Error{not_found} or Error{system} with the path in `where`.
std::string read_file(const std::filesystem::path& path);
// The same, but "" if it cannot be read.
std::string read_or_nothing(const std::filesystem::path& path);

// Writes a temporary file and renames it, so that a reader sees the old or the new text, never a part of it.
void write_file(const std::filesystem::path& path, std::string_view text, unsigned mode = 0644);

}  // namespace labctl
