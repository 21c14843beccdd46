#pragma once

#include "base/unique_fd.hpp"

#include <sys/types.h>

#include <filesystem>

namespace labctl::tunnels {

// OpenSSH's ssh-agent as a child process, with keys whose passphrases a person has just typed. It ends with
// this object, and also if this process is killed: it waits for the end of a pipe from here. So no passphrase
// is ever in labctl's memory, and no private key stays in any memory after the login.
class PassphraseAgent {
public:
  // `socket`: where it listens; in a folder that is ours alone. Error{not_found} without ssh-agent;
  // Error{unavailable} if it does not start.
  explicit PassphraseAgent(std::filesystem::path socket);
  ~PassphraseAgent();
  PassphraseAgent(const PassphraseAgent&) = delete;
  PassphraseAgent& operator=(const PassphraseAgent&) = delete;

  const std::filesystem::path& socket() const { return socket_; }

  // Lets ssh-add ask for the passphrase: on the terminal, or with the program in SSH_ASKPASS. False if it has
  // not added the key. Error{not_found} without ssh-add; Error{timeout} if nobody types; Error{interrupted}.
  bool add(const std::filesystem::path& key_file);

private:
  std::filesystem::path socket_;
  UniqueFd life_;  // the write end of the pipe
  pid_t process_ = -1;
};

// False if there is neither a terminal nor a graphical session (ssh-add(1), SSH_ASKPASS and
// SSH_ASKPASS_REQUIRE).
bool can_ask_for_passphrases();

}  // namespace labctl::tunnels
