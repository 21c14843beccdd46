#pragma once

#include "base/deadline.hpp"
#include "base/endpoint.hpp"
#include "ssh/channel_opens.hpp"
#include "ssh/completion.hpp"
#include "ssh/failure.hpp"
#include "ssh/key_options.hpp"
#include "ssh/listen_requests.hpp"
#include "ssh/relay.hpp"
#include "ssh/target.hpp"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct _LIBSSH2_SESSION;
struct _LIBSSH2_CHANNEL;

namespace labctl::ssh {

class AddressRace;
class Channel;
class ProxyCommand;
class RemoteListener;
struct HostKey;

// One SSH connection to a node. Everything of a session runs on one thread (its executor); libssh2 allows no
// other.
//
// libssh2 never uses the socket: it reads and writes buffers here that asio fills and drains, so that no
// packet is ever sent in part. After any call that may consume input, *all* channels are served until a whole
// pass makes no progress (any read may queue packets for other channels).
class Session : public std::enable_shared_from_this<Session> {
public:
  using Clock = std::chrono::steady_clock;
  using Executor = asio::any_io_executor;

  // Connects, checks the host key and logs in. Throws Failure. `started` is set immediately to the new
  // session, so that close() can end the attempt. `reached` is increased for each sshd that answered, those
  // of jump hosts included.
  static asio::awaitable<std::shared_ptr<Session>> login(Target target, Deadline deadline,
                                                         std::weak_ptr<Session>* started = nullptr,
                                                         std::shared_ptr<int> reached = nullptr);
  // Connects, reads the host key and disconnects (host_key.hpp). Throws Failure.
  static asio::awaitable<HostKey> host_key(Target target, Deadline deadline);

  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Opens a channel to the remote end. An open that the peer does not answer delays no other. Throws Failure:
  // target_refused, target_unreachable, forwarding_denied, target_no_answer, or the reason why the session
  // ended.
  asio::awaitable<std::shared_ptr<Channel>> open(Endpoint remote, Deadline deadline);

  // Asks sshd to listen at a TCP address (RFC 4254, section 7.1). Throws Failure: forwarding_denied,
  // listen_failed, listen_public (sshd listens more widely than asked; it is told to stop), no_answer, or the
  // reason why the session ended.
  asio::awaitable<std::shared_ptr<RemoteListener>> listen(Endpoint at, Deadline deadline);

  // A round trip through the peer's sshd: opens a plain session channel and closes it. Throws as open().
  asio::awaitable<std::chrono::microseconds> round_trip(Deadline deadline);

  // Runs a command in the user's shell on the node and returns its output (stdout, at most 64 KiB). Throws
  // Failure: as open(), target_refused if sshd runs no commands, no_answer.
  asio::awaitable<std::string> run(std::string command, Deadline deadline);
  // False after run_no_more_commands(): a command was not run, or another one ran in its place.
  bool runs_commands() const { return runs_commands_; }
  void run_no_more_commands() { runs_commands_ = false; }
  // What sshd said of the key that has logged in; nullopt if it said nothing.
  const std::optional<KeyOptions>& key_options() const { return key_options_; }

  // Sends a request that the peer must answer, unless one is on its way; last_heard() shows whether it did.
  // Does not wait.
  void ask_for_life();

  // Waits for the end of the session and returns its cause.
  asio::awaitable<Failure> ended();
  const std::optional<Failure>& failure() const { return failure_; }

  // Ends the session now: every channel's operations complete with an error. Does not wait for the peer.
  void close(Failure why);

  // When the last byte arrived from the peer: only that proves that the peer is alive.
  Clock::time_point last_heard() const { return last_heard_; }
  std::size_t channels() const { return channels_.size(); }
  // True while asio's resolver thread is in getaddrinfo(), which cannot be cancelled; the io_context must
  // outlive it.
  bool resolving() const;
  const Target& target() const { return target_; }
  Executor executor() { return socket_.get_executor(); }

private:
  friend class Channel;
  friend class Login;
  friend class RemoteListener;
  friend struct Transport;

  Session(Executor executor, Target target);

  asio::awaitable<std::shared_ptr<Channel>> open(std::shared_ptr<ChannelOpens::Request> request,
                                                 Deadline deadline);

  // Why the connection to sshd ended.
  Failure why_lost(std::error_code error);
  void read_socket();
  void write_socket();
  // Serves opens, channels and closes until there is no progress, then sends pending output.
  void pump();
  void post_pump();
  bool serve_opens();
  bool serve_closing();
  bool serve_listeners();
  // Call it after a libssh2 call outside pump(): other channels may have input now, and output may be
  // pending.
  void called();
  bool congested() const;
  // Takes ownership of the libssh2 channel and closes it without waiting for the peer.
  void release(_LIBSSH2_CHANNEL* channel);
  void add(Channel* channel) { channels_.push_back(channel); }
  void remove(Channel* channel);
  void fail_call(int code, const char* what);

  Target target_;
  StreamSocket socket_;
  asio::ip::tcp::resolver resolver_;
  std::weak_ptr<AddressRace> race_;  // while it connects
  _LIBSSH2_SESSION* raw_ = nullptr;
  std::weak_ptr<Session> jump_attempt_;  // to the last of the jump hosts
  std::shared_ptr<Session> jump_;        // once it is logged in
  std::unique_ptr<ProxyCommand> proxy_command_;
  std::optional<Failure> failure_;
  Notifier activity_;  // input came, or the session ended
  Notifier end_;

  std::vector<char> in_;
  std::size_t in_begin_ = 0;
  std::size_t in_end_ = 0;
  bool reading_ = false;
  bool consumed_ = false;
  std::string out_;
  std::string sending_;
  bool writing_ = false;
  bool pumping_ = false;
  bool pump_posted_ = false;
  bool resolving_ = false;
  bool serving_ = false;  // logged in: channels may be served
  Clock::time_point last_heard_ = Clock::now();

  std::optional<KeyOptions> key_options_;
  bool runs_commands_ = true;
  std::string farewell_;  // the peer's words when it ended the connection

  ChannelOpens opens_;
  Clock::duration round_trip_ = std::chrono::seconds(1);  // the shortest time from a request to its channel
  bool life_asked_ = false;
  std::vector<Channel*> channels_;
  std::vector<_LIBSSH2_CHANNEL*> closing_;
  ListenRequests listen_requests_;
  std::vector<RemoteListener*> listeners_;
  std::vector<_LIBSSH2_LISTENER*> closing_listeners_;
};

}  // namespace labctl::ssh
