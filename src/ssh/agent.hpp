#pragma once

#include <asio/awaitable.hpp>
#include <asio/local/stream_protocol.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// A connection to an ssh-agent (draft-miller-ssh-agent). Asynchronous, unlike libssh2's own, so that an agent
// that asks its person for leave does not stop the I/O thread.
class Agent {
public:
  struct Key {
    std::string blob;  // public key as the wire has it
    std::string comment;
  };

  // Nothing if no agent listens there.
  static asio::awaitable<std::optional<Agent>> connect(const std::filesystem::path& socket);

  asio::awaitable<std::vector<Key>> keys();

  // The raw signature over `data` for the algorithm of that name (it chooses the hash of RSA keys); nothing
  // if the agent declines. The agent names the algorithm in front of the signature; that is taken off.
  asio::awaitable<std::optional<std::string>> sign(std::string_view key, std::string_view data,
                                                   std::string_view algorithm);

private:
  using Socket = asio::local::stream_protocol::socket;
  explicit Agent(Socket socket) : socket_(std::move(socket)) {}

  // The answer without its length; empty if the agent broke off.
  asio::awaitable<std::string> ask(std::string_view request);

  Socket socket_;
};

}  // namespace labctl::ssh
