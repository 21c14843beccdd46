#pragma once

#include "base/deadline.hpp"

#include <asio/awaitable.hpp>
#include <asio/local/stream_protocol.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// A connection to an ssh-agent (draft-miller-ssh-agent). Asynchronous, unlike libssh2's own, so that an agent
// that waits for the user's confirmation does not block the I/O thread. An agent may never answer: after one
// missed deadline it is not used again.
class Agent {
public:
  struct Key {
    std::string blob;  // public key in wire format
    std::string comment;
  };

  // nullopt if no agent listens there.
  static asio::awaitable<std::optional<Agent>> connect(const std::filesystem::path& socket);

  asio::awaitable<std::vector<Key>> keys(Deadline deadline);

  // The raw signature over `data` with the named algorithm (it selects the hash of RSA keys; that of a
  // certificate is signed with its key's algorithm); nullopt if the agent refuses. The agent's prefix with
  // the algorithm name is removed. For a security key (sk-*) the rest is in wire format: the signature as a
  // string, flags, counter (PROTOCOL.u2f of OpenSSH).
  asio::awaitable<std::optional<std::string>> sign(std::string_view key, std::string_view data,
                                                   std::string_view algorithm, Deadline deadline);

  // A deadline has passed without an answer.
  bool silent() const { return state_->silent; }

private:
  using Socket = asio::local::stream_protocol::socket;
  struct State {
    Socket socket;
    bool silent = false;
  };
  explicit Agent(Socket socket) : state_(std::make_shared<State>(State{std::move(socket)})) {}

  // The answer without its length; empty if the agent closed the connection or does not answer.
  asio::awaitable<std::string> ask(std::string_view request, Deadline deadline);

  std::shared_ptr<State> state_;
};

}  // namespace labctl::ssh
