#pragma once

#include "base/unique_fd.hpp"
#include "ssh/relay.hpp"

#include <asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace labctl::ssh {

// A running command whose standard input and output are the connection to an sshd (ssh_config(5),
// ProxyCommand). It has our environment and its own process group.
class ProxyCommand {
public:
  // Starts `line` with the user's shell ($SHELL, else /bin/sh), as ssh does. Error{system} if that fails.
  ProxyCommand(const asio::any_io_executor& executor, const std::string& line);
  // Ends it: SIGHUP to the group, then SIGKILL if it does not end within a short time.
  ~ProxyCommand();
  ProxyCommand(const ProxyCommand&) = delete;
  ProxyCommand& operator=(const ProxyCommand&) = delete;

  // Our end of the connection; call it once.
  StreamSocket take_socket() { return std::move(socket_); }
  // The last line on its standard error so far.
  std::string complaint();

private:
  struct Errors;

  StreamSocket socket_;
  std::shared_ptr<Errors> errors_;
  pid_t pid_ = -1;
  UniqueFd ended_;  // readable once it has ended
};

}  // namespace labctl::ssh
