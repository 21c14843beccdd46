#pragma once

#include "tunnels/local_forward.hpp"
#include "tunnels/socks.hpp"

namespace labctl::tunnels {

// A SOCKS5 server (RFC 1928, CONNECT only): each client names the remote end of its connection. The names of
// the plan's `hosts` mean the addresses there; the node resolves every other name.
//
// It is up when it listens and the node has a session. Whether the node can reach a remote end, and whether
// sshd allows it, is known only when a client asks for it: the client gets the reply code.
class DynamicForward : public LocalForward {
public:
  using LocalForward::LocalForward;

protected:
  asio::awaitable<std::optional<std::chrono::microseconds>> check(Deadline deadline) override;
  asio::awaitable<void> connect(std::shared_ptr<ssh::Relay> connection, Opener open) override;

private:
  // nullopt if the client left, or was refused.
  asio::awaitable<std::optional<Endpoint>> read_request(std::shared_ptr<ssh::Relay> connection);
};

}  // namespace labctl::tunnels
