#pragma once

namespace labctl {

// SIGINT and SIGTERM as an event that every wait can listen to. install_interrupt_handler() is called once by
// main(); before that (in unit tests) nothing is ever interrupted.
void install_interrupt_handler();

// Readable once interrupted; -1 if no handler is installed. For poll().
int interrupt_fd();

// The signal that arrived, or 0.
int interrupted();

// Throws Error{interrupted} if a signal has arrived and no InterruptShield is held.
void throw_if_interrupted();

// During its lifetime, interrupts of this thread are stored but not thrown, so that clean-up runs to its end.
// A second signal is thrown even then, so that the user can always stop labctl.
class InterruptShield {
public:
  InterruptShield();
  ~InterruptShield();
  InterruptShield(const InterruptShield&) = delete;
  InterruptShield& operator=(const InterruptShield&) = delete;
};

}  // namespace labctl
