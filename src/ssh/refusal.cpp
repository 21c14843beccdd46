#include "ssh/refusal.hpp"

#include "ssh/current_failure.hpp"
#include "ssh/session.hpp"

#include <sys/un.h>

namespace labctl::ssh {
namespace {

constexpr std::size_t longest_path = sizeof sockaddr_un::sun_path - 1;

// sshd's permissions for TCP ends hold for sockets too: a list without "*:*" allows none.
std::string who_forbids_socket(const std::optional<KeyOptions>& key) {
  const std::string config = "AllowStreamLocalForwarding, PermitOpen or DisableForwarding in sshd_config";
  if (!key || !key->permit_open) return config + " on the node";
  return "permitopen in " + key->where + " on the node allows no socket, unless it is \"*:*\"; or " + config;
}

Failure of_socket(const SocketLook& look, const std::string& path, const std::string& node,
                  const std::optional<KeyOptions>& key) {
  const std::string what = "cannot connect to " + path + " on " + node + ": ";
  const std::string service = "is the service running there?";
  const auto refused = [&](const std::string& why, const std::string& hint) {
    return Failure(Cause::target_refused, what + why, node, hint);
  };
  switch (look.is) {
    case SocketLook::Is::missing:
      return refused("there is no such file below " + look.at, service);
    case SocketLook::Is::dangling:
      return refused("it is a link to something that does not exist", service);
    case SocketLook::Is::hidden:
      return Failure(Cause::target_denied, what + "user " + look.user + " may not enter " + look.at, node,
                     "ls -ld " + look.at + " on the node shows who may; log in as such a user");
    case SocketLook::Is::directory:
      return refused("it is a directory",
                     "a container's bind mount may have created it before the service ran; remove it, and "
                     "restart the service");
    case SocketLook::Is::file:
      return refused("it is no socket", "give the right path");
    case SocketLook::Is::socket:
      break;
  }
  if (!look.writable) {
    const auto colon = look.owner.find(':');
    const std::string group =
        colon == std::string::npos ? "" : look.owner.substr(colon + 1, look.owner.find(',') - colon - 1);
    return Failure(Cause::target_denied,
                   what + "permission denied: it belongs to " + look.owner + "; user " + look.user +
                       " is in the groups " + look.groups,
                   node,
                   "usermod -aG " + (group.empty() ? "GROUP" : group) + " " + look.user +
                       " on the node, then labctl tunnels restart");
  }
  if (!look.listening) return refused("nobody listens there", service);
  return Failure(Cause::forwarding_denied,
                 "sshd forbids the forward to " + path + ": a process listens there, and user " + look.user +
                     " may connect to it",
                 node, who_forbids_socket(key));
}

}  // namespace

Failure cause_of_refusal(const Failure& failure, const Endpoint& remote, const std::string& node,
                         const std::optional<KeyOptions>& key, const std::optional<SocketLook>& look) {
  const std::string end = to_string(remote);
  if (remote.is_unix_socket() && remote.path.size() > longest_path) {
    return Failure(Cause::target_refused,
                   "the path " + end + " is too long for a socket (" + std::to_string(longest_path) +
                       " characters at most)",
                   node, "give a shorter path, as of a link on the node");
  }
  const bool denied = failure.cause() == Cause::forwarding_denied;
  if (key && !key->port_forwarding && (denied || remote.is_unix_socket())) {
    return Failure(Cause::forwarding_denied,
                   "the key of this login may not forward to " + end + ": " + key->where +
                       " does not allow port-forwarding (restrict, no-port-forwarding)",
                   node, "add port-forwarding to the options of that line on the node");
  }
  if (denied && key && key->permit_open && !remote.is_unix_socket()) {
    return Failure(Cause::forwarding_denied, "sshd forbids the forward to " + end, node,
                   "permitopen in " + key->where +
                       " on the node does not list it; if it does: PermitOpen and "
                       "AllowTcpForwarding in sshd_config");
  }
  if (denied && !remote.is_unix_socket()) {
    return Failure(Cause::forwarding_denied, failure.what(), node,
                   "AllowTcpForwarding, PermitOpen or DisableForwarding in sshd_config on the node");
  }
  if (!remote.is_unix_socket()) return failure;
  if (look) return of_socket(*look, remote.path, node, key);
  return Failure(failure.cause(),
                 std::string(failure.what()) +
                     ": sshd does not say why, and labctl cannot tell, because it can run no command there",
                 node,
                 "it is missing, nobody listens, the user has no permission, or sshd forbids it: " +
                     who_forbids_socket(key));
}

asio::awaitable<Failure> find_cause(std::shared_ptr<Session> session, Endpoint remote, Failure failure,
                                    Deadline deadline) {
  const bool refused =
      failure.cause() == Cause::target_refused || failure.cause() == Cause::forwarding_denied;
  if (!refused) co_return failure;
  const auto& key = session->key_options();
  std::optional<SocketLook> look;
  // A forced command would run in place of ours.
  if (remote.is_unix_socket() && !(key && key->command) && session->runs_commands()) {
    try {
      const std::string output = co_await session->run(look_command(remote.path), deadline);
      look = read_look(output);
    } catch (const Failure&) {
      // Not allowed, or too late: nothing is known then.
    }
    if (!look) session->run_no_more_commands();
  }
  co_return cause_of_refusal(failure, remote, session->target().name, key, look);
}

}  // namespace labctl::ssh
