#include "tunnels/passphrase_agent.hpp"

#include "base/deadline.hpp"
#include "base/error.hpp"
#include "base/pipe.hpp"
#include "base/spawn.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace labctl::tunnels {
namespace {

// Runs as ssh-agent's command, with the socket in place: says so, waits for the end of the pipe, and ends the
// agent, which removes its socket.
constexpr const char* until_we_end = R"(echo ready; cat; kill "$SSH_AGENT_PID")";

// ssh-add asks again and again until the passphrase is right, or nothing is typed.
constexpr std::chrono::minutes person_limit{3};

bool set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

UniqueFd open_terminal() { return UniqueFd(::open("/dev/tty", O_RDWR | O_CLOEXEC)); }

}  // namespace

PassphraseAgent::PassphraseAgent(std::filesystem::path socket) : socket_(std::move(socket)) {
  Pipe life, ready;
  Spawn agent(POSIX_SPAWN_SETPGROUP);  // not ended by the terminal's Ctrl-C: the pipe ends it
  agent.give(life.read.get(), STDIN_FILENO);
  agent.give(ready.write.get(), STDOUT_FILENO);
  agent.close_others();
  process_ = agent.start({"ssh-agent", "-a", socket_.string(), "sh", "-c", until_we_end});
  life_ = std::move(life.write);
  ready.write.reset();
  char byte = 0;
  ssize_t count = -1;
  do {
    count = ::read(ready.read.get(), &byte, 1);
  } while (count < 0 && errno == EINTR);
  if (count == 1) return;
  life_.reset();
  wait_for_exit(process_);
  throw Error(Kind::unavailable, "does not start; the line above says why", "ssh-agent");
}

PassphraseAgent::~PassphraseAgent() {
  life_.reset();
  try {
    wait_for_exit(process_);
  } catch (const Error&) {
    // It is no child of ours any more, so it has ended.
  }
  std::error_code ignored;
  std::filesystem::remove(socket_, ignored);  // the agent may do it a moment later
}

bool PassphraseAgent::add(const std::filesystem::path& key_file) {
  UniqueFd input = open_terminal();
  if (!input) input.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  Spawn program;  // in our process group: another one may not read from the terminal
  program.give(input.get(), STDIN_FILENO);
  program.give(STDERR_FILENO, STDOUT_FILENO);
  program.close_others();
  std::vector<std::string> environment{"SSH_AUTH_SOCK=" + socket_.string()};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("SSH_AUTH_SOCK=")) environment.emplace_back(*variable);
  }
  const pid_t child = program.start({"ssh-add", "-q", key_file.string()}, environment);
  return wait_interruptibly(child, Deadline::in(person_limit)) == 0;
}

bool can_ask_for_passphrases() {
  if (open_terminal()) return true;
  const char* required = std::getenv("SSH_ASKPASS_REQUIRE");
  const std::string how = lower(required == nullptr ? "" : required);
  if (how == "never") return false;
  return how == "force" || how == "prefer" || set("DISPLAY") || set("WAYLAND_DISPLAY");
}

}  // namespace labctl::tunnels
