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
// that asks its person for permission does not stop the I/O thread. An agent may be silent for ever: after a
// deadline that passed it is not asked again.
class Agent {
public:
  struct Key {
    std::string blob;  // public key as the wire has it
    std::string comment;
  };

  // Nothing if no agent listens there.
  static asio::awaitable<std::optional<Agent>> connect(const std::filesystem::path& socket);

  asio::awaitable<std::vector<Key>> keys(Deadline deadline);

  // The raw signature over `data` for the algorithm of that name (it chooses the hash of RSA keys); nothing
  // if the agent declines. The agent names the algorithm in front of the signature; that is taken off.
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

  // The answer without its length; empty if the agent broke off or is silent.
  asio::awaitable<std::string> ask(std::string_view request, Deadline deadline);

  std::shared_ptr<State> state_;
};

}  // namespace labctl::ssh
