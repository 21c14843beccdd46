#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "ssh/failure.hpp"
#include "ssh/key_options.hpp"
#include "ssh/socket_look.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace labctl::ssh {

class Session;

// Why sshd opens no channel to a remote end, as precisely as it can be known. sshd gives one answer for a
// unix socket that is missing, that nobody serves, that the user may not use, or that sshd's configuration
// forbids. So this looks at the path on the node, with a command that only reads. It returns `failure` itself
// if its cause is another than target_refused or forwarding_denied, or if the node's words say enough.
asio::awaitable<Failure> find_cause(std::shared_ptr<Session> session, Endpoint remote, Failure failure,
                                    Deadline deadline);

// The decision. `key`: what sshd said of the login's key; `look`: nullopt if the node runs no command for us.
Failure cause_of_refusal(const Failure& failure, const Endpoint& remote, const std::string& node,
                         const std::optional<KeyOptions>& key, const std::optional<SocketLook>& look);

}  // namespace labctl::ssh
