#include "base/interrupt.hpp"

#include "base/error.hpp"
#include "base/pipe.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>

namespace labctl {
namespace {

// The first pipe becomes readable with the first signal, the second pipe with the second signal.
struct WakePipe {
  std::atomic<int> read{-1};
  std::atomic<int> write{-1};
};
std::array<WakePipe, 2> pipes;
std::atomic<int> last_signal{0};
std::atomic<int> signal_count{0};
thread_local int shields = 0;
thread_local int seen_when_shielded = 0;

void on_signal(int signal) {
  last_signal = signal;
  const char byte = 1;
  // Nobody reads the byte: the pipe stays readable, so every wait in every thread ends.
  const auto which = std::min<std::size_t>(static_cast<std::size_t>(signal_count++), pipes.size() - 1);
  [[maybe_unused]] const ssize_t ignored = ::write(pipes[which].write, &byte, 1);
}

}  // namespace

void install_interrupt_handler() {
  for (auto& pipe : pipes) {
    Pipe ends(O_NONBLOCK);
    pipe.read = ends.read.release();
    pipe.write = ends.write.release();
  }
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

// A shielded wait also needs a pipe for the second signal: its handler usually runs in another thread, so it
// does not end the wait.
int interrupt_fd() {
  if (shields == 0) return pipes[0].read;
  return seen_when_shielded == 1 || signal_count > seen_when_shielded ? pipes[1].read.load() : -1;
}

int interrupted() { return last_signal; }

void throw_if_interrupted() {
  const int count = signal_count;
  if (count == 0 || (shields > 0 && count <= seen_when_shielded)) return;
  throw Error(Kind::interrupted, last_signal == SIGTERM ? "terminated" : "interrupted");
}

InterruptShield::InterruptShield() {
  // Signals that have already arrived are not thrown. If there are none, the first that arrives is not
  // thrown.
  if (shields++ == 0) seen_when_shielded = std::max(1, signal_count.load());
}

InterruptShield::~InterruptShield() { --shields; }

}  // namespace labctl
