#pragma once

#include "ssh/agent.hpp"
#include "ssh/host_key.hpp"
#include "ssh/host_trust.hpp"
#include "ssh/identity.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/session.hpp"

#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <libssh2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// One attempt to connect a Session and log in.
class Login {
public:
  explicit Login(std::shared_ptr<Session> session, std::shared_ptr<int> reached = nullptr)
      : session_(std::move(session)), reached_(std::move(reached)) {}

  // Throws Failure with the node's name in `where`.
  asio::awaitable<std::shared_ptr<Session>> run(Deadline deadline);
  // Ends before it logs in.
  asio::awaitable<HostKey> host_key(Deadline deadline);

private:
  enum class Until { host_key, login };
  asio::awaitable<void> go(Until end, Deadline deadline);
  // Ends the session at the deadline, unless the timer is cancelled.
  void end_at(asio::steady_timer& timer, Deadline deadline, std::string hint);
  void load_known_hosts();
  void load_identities();
  asio::awaitable<void> connect(Deadline deadline);
  // The addresses of a name, or the address itself; none if the name does not resolve.
  asio::awaitable<std::vector<asio::ip::tcp::endpoint>> look_up(const std::string& name, std::uint16_t port);
  asio::awaitable<std::vector<asio::ip::tcp::endpoint>> resolve();
  asio::awaitable<void> connect_directly();
  // Where the connection begins (BindAddress, BindInterface); none: the system chooses.
  asio::awaitable<std::vector<asio::ip::address>> local_addresses();
  asio::awaitable<std::error_code> try_addresses(std::vector<asio::ip::tcp::endpoint> endpoints,
                                                 std::vector<asio::ip::address> from);
  asio::awaitable<void> connect_through_jump(Deadline deadline);
  void connect_by_command();
  asio::awaitable<void> handshake();
  // libssh2 calls it when the peer ends the connection (RFC 4253, section 11.1).
  static void hear_farewell(LIBSSH2_SESSION*, int reason, const char* text, int size, const char*, int,
                            void** abstract);
  // Whether another key may be offered.
  bool may_try() const;
  HostTrust host_trust() const;
  void check_host_key();
  asio::awaitable<void> authenticate(Deadline deadline);
  asio::awaitable<void> ask_agent(Deadline deadline);
  asio::awaitable<void> ask_passphrase_agent(Deadline deadline);
  void load_certificates();
  void take_certificate(const std::filesystem::path& path, std::optional<UserCertificate>& certificate);
  // A key that an agent has.
  struct HeldKey {
    Agent* agent;
    const Agent::Key* key;
  };
  // The key with this public key, or with this certificate; nullopt if no agent that was asked has it.
  std::optional<HeldKey> held_key(std::string_view public_key);
  // Whether the agent's key, or certificate, is tried together with its file.
  bool of_a_file(const Agent::Key& key) const;
  asio::awaitable<bool> try_certificate(const UserCertificate& certificate, Deadline deadline);
  asio::awaitable<bool> try_identity(const Identity& identity, const UserCertificate* certificate,
                                     Deadline deadline);
  asio::awaitable<bool> try_file(const Identity& identity, const UserCertificate* certificate);
  // Asks sshd whether it would accept a key that needs its passphrase, or a certificate of it.
  asio::awaitable<void> ask_about_encrypted(const Identity& identity, const UserCertificate* certificate);
  // Offers the agent's key, or a certificate of it.
  asio::awaitable<bool> try_agent(HeldKey held, const UserCertificate* certificate, Deadline deadline);
  void tell_refusal(const std::string& name, const Certificate* certificate);
  asio::awaitable<void> check_second_factor(const std::string& key);
  Failure no_key_accepted() const;

  // Repeats a libssh2 call until it no longer waits for input.
  template <typename Call>
  asio::awaitable<int> step(Call call) {
    while (true) {
      if (session_->failure_) throw Failure(*session_->failure_);
      const int code = call();
      session_->write_socket();
      session_->read_socket();
      if (code != LIBSSH2_ERROR_EAGAIN) co_return code;
      co_await session_->activity_.wait();
    }
  }

  Failure failure(Cause cause, const std::string& what, std::string hint = {}) const;
  std::string place() const;
  // The name for the lookup in known_hosts: HostKeyAlias has no port.
  const std::string& known_host() const;
  std::uint16_t known_port() const;
  std::string last_error() const;

  std::shared_ptr<Session> session_;
  std::shared_ptr<int> reached_;
  std::shared_ptr<std::string> stage_ = std::make_shared<std::string>("local files");
  KnownHosts known_hosts_;
  std::vector<Identity> identities_;
  std::vector<UserCertificate> certificates_;  // those that are not beside a key of identities_
  bool certificate_tried_ = false;
  std::optional<Failure> key_problem_;  // why an optional key was not tried
  bool agent_asked_ = false;
  std::optional<Agent> agent_;
  std::vector<Agent::Key> agent_keys_;
  std::optional<Agent> passphrase_agent_;
  std::vector<Agent::Key> passphrase_keys_;
  std::filesystem::path locked_;   // the first key file that would log in with its passphrase, or might
  bool locked_accepted_ = false;   // sshd said so
  std::vector<std::string> told_;  // the result for each key, in the order they were tried
  std::size_t tried_ = 0;
  std::size_t left_out_ = 0;  // keys of the agent that were not tried any more
};

}  // namespace labctl::ssh
