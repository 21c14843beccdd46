#include "ssh/socket_look.hpp"

#include "base/shell_quoted.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace labctl::ssh {
namespace {

constexpr std::string_view first_line = "labctl-look";

// One line without single quotes, so that any shell can pass it on to sh. Flags 00010000 in /proc/net/unix
// mean that the socket listens (Linux, __SO_ACCEPTCON); the path there is the one that the server has used.
constexpr std::string_view script =
    "p=$1; echo labctl-look; "
    "if test -d \"$p\"; then echo is directory; "
    "elif test -S \"$p\"; then echo is socket; "
    "if test -w \"$p\"; then echo writable yes; fi; "
    "stat -Lc \"owner %U:%G, mode %a\" \"$p\"; "
    "q=$(readlink -f \"$p\"); "
    "while read -r a b c flags t s i name; do "
    "if test \"$flags\" = 00010000; then case \"$name\" in \"$p\"|\"$q\"|\"/var$q\") echo listening yes;; "
    "esac; fi; "
    "done </proc/net/unix; "
    "elif test -e \"$p\"; then echo is file; "
    "elif test -L \"$p\"; then echo is dangling; "
    "else d=$(dirname \"$p\"); until test -e \"$d\"; do d=$(dirname \"$d\"); done; "
    "if test -x \"$d\"; then echo is missing; else echo is hidden; fi; echo \"at $d\"; fi; "
    "echo \"user $(id -un)\"; echo \"groups $(id -Gn)\"";

using Is = SocketLook::Is;
constexpr std::array<std::pair<std::string_view, Is>, 6> kinds{{{"missing", Is::missing},
                                                                {"dangling", Is::dangling},
                                                                {"hidden", Is::hidden},
                                                                {"directory", Is::directory},
                                                                {"file", Is::file},
                                                                {"socket", Is::socket}}};

}  // namespace

std::string look_command(const std::string& path) {
  return "exec sh -c " + shell_quoted(script) + " labctl " + shell_quoted(path) + " 2>/dev/null";
}

std::optional<SocketLook> read_look(std::string_view output) {
  constexpr std::size_t longest_value = 1024;
  const auto lines = split(output, '\n');
  if (lines.empty() || lines.front() != first_line) return std::nullopt;
  SocketLook look;
  bool has_kind = false;
  for (auto line = lines.begin() + 1; line != lines.end(); ++line) {
    const auto space = line->find(' ');
    if (space == std::string::npos) continue;
    const std::string key = line->substr(0, space);
    std::string value = line->substr(space + 1, longest_value);
    if (key == "is") {
      const auto* const kind =
          std::find_if(kinds.begin(), kinds.end(), [&](const auto& one) { return one.first == value; });
      if (kind == kinds.end()) return std::nullopt;
      look.is = kind->second;
      has_kind = true;
    } else if (key == "writable") {
      look.writable = true;
    } else if (key == "listening") {
      look.listening = true;
    } else if (key == "at") {
      look.at = std::move(value);
    } else if (key == "owner") {
      look.owner = std::move(value);
    } else if (key == "user") {
      look.user = std::move(value);
    } else if (key == "groups") {
      look.groups = std::move(value);
    }
  }
  // Cut off: nothing is known then.
  if (!has_kind || look.user.empty()) return std::nullopt;
  return look;
}

}  // namespace labctl::ssh
