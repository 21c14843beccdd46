#pragma once

#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/session.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace labctl::ssh {

class Agent;

// One attempt to bring a Session from nothing to logged in.
class Login {
public:
  explicit Login(std::shared_ptr<Session> session) : session_(std::move(session)) {}

  // Throws Failure with the node's name in `where`.
  asio::awaitable<std::shared_ptr<Session>> run(Deadline deadline);

private:
  void load_known_hosts();
  void load_identities();
  asio::awaitable<void> connect(Deadline deadline);
  asio::awaitable<void> connect_directly();
  asio::awaitable<void> connect_through_jump(Deadline deadline);
  void connect_by_command();
  std::error_code bind_for(const asio::ip::tcp::endpoint& endpoint);
  asio::awaitable<void> handshake();
  void check_host_key();
  asio::awaitable<void> authenticate();
  asio::awaitable<bool> try_file(const Identity& identity);
  asio::awaitable<bool> try_agent(Agent& agent, const std::string& key);

  template <typename Call>
  asio::awaitable<int> step(Call call);

  Failure failure(Cause cause, std::string what, std::string hint = {}) const;
  std::string place() const;
  // What the host's key is looked up under in known_hosts: HostKeyAlias goes without a port.
  const std::string& known_host() const;
  std::uint16_t known_port() const;
  std::string last_error() const;

  std::shared_ptr<Session> session_;
  std::shared_ptr<std::string> stage_ = std::make_shared<std::string>("local files");
  KnownHosts known_hosts_;
  std::vector<Identity> identities_;
  std::optional<Failure> key_problem_;  // why a key that nobody insisted on was not tried
  std::size_t tried_ = 0;
};

}  // namespace labctl::ssh
