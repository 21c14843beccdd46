#include "base/interrupt.hpp"

#include "base/error.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>

namespace labctl {
namespace {

std::atomic<int> pipe_read{-1};
std::atomic<int> pipe_write{-1};
std::atomic<int> last_signal{0};
std::atomic<int> signal_count{0};
thread_local int shields = 0;
thread_local int seen_when_shielded = 0;

void on_signal(int signal) {
  last_signal = signal;
  ++signal_count;
  const char byte = 1;
  // Never read back: the pipe stays readable, so every wait of every thread ends.
  [[maybe_unused]] const ssize_t ignored = ::write(pipe_write, &byte, 1);
}

}  // namespace

void install_interrupt_handler() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw system_error("cannot make a pipe");
  pipe_read = ends[0];
  pipe_write = ends[1];
  struct sigaction action {};
  action.sa_handler = on_signal;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int interrupt_fd() { return shields > 0 && signal_count <= seen_when_shielded ? -1 : pipe_read.load(); }

int interrupted() { return last_signal; }

void throw_if_interrupted() {
  const int count = signal_count;
  if (count == 0 || (shields > 0 && count <= seen_when_shielded)) return;
  throw Error(Kind::interrupted, last_signal == SIGTERM ? "terminated" : "interrupted");
}

InterruptShield::InterruptShield() {
  // One signal (the one that led here, or the first that comes) is held back.
  if (shields++ == 0) seen_when_shielded = std::max(1, signal_count.load());
}

InterruptShield::~InterruptShield() { --shields; }

}  // namespace labctl
