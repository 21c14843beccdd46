#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace labctl {

// Where things live. Every one can be moved by the environment variable named beside it, for tests.

// Sockets, lock and log of tunnel daemons, one folder per inventory name. LABCTL_RUNTIME_DIR, else
// $XDG_RUNTIME_DIR/labctl, else /run/labctl for root, /tmp/labctl-UID for others.
std::filesystem::path runtime_dir();

// Slow results of set-up: roots, images, plugin. LABCTL_CACHE_DIR, else /var/cache/labctl for root,
// $XDG_CACHE_HOME/labctl or ~/.cache/labctl for others.
std::filesystem::path cache_dir();

// State of embedded labs, readable by all, written by root. LABCTL_STATE_DIR, else /var/lib/labctl.
std::filesystem::path state_dir();

// User configuration: $XDG_CONFIG_HOME/labctl or ~/.config/labctl.
std::filesystem::path config_dir();

// The files labctl brings along (lab stack, node init, images): LABCTL_SHARE_DIR, else tools/ of the checkout
// it was built from, else /usr/share/labctl.
std::filesystem::path share_dir();

// Our own running binary.
std::filesystem::path self_path();

std::filesystem::path home_dir();

// A leading "~/" becomes the home folder; anything else is as given.
std::filesystem::path expand_home(std::string_view path);

// Makes the folder (and those above it) with mode 0700, or checks an existing one with require_private_dir().
void make_private_dir(const std::filesystem::path& path);

// Refuses a folder that somebody else could have made or could change: nothing in it can be trusted, its
// sockets least of all. It must be a folder (no symbolic link) of ours, without any permission for group or
// others, and every folder above it must be root's or ours and not writable for others, unless it is sticky
// as /tmp is. A folder above may be writable for a group that has no member but its owner. With sudo, folders
// of the user who called it count as root's. Error{conflict} naming the folder, its owner and its mode.
void require_private_dir(const std::filesystem::path& path);

// The whole file. Error{not_found} or Error{system} with the path in `where`.
std::string read_file(const std::filesystem::path& path);

// Writes beside the target and renames, so that a reader sees the old or the new text, never half of one.
void write_file(const std::filesystem::path& path, std::string_view text, unsigned mode = 0644);

}  // namespace labctl
