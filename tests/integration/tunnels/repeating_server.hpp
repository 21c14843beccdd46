#pragma once

#include "base/endpoint.hpp"

#include <atomic>
#include <memory>
#include <string>

namespace labctl::test {

// A real server at a loopback TCP port of its own or at a unix socket. It reads a client's bytes until the
// client's EOF, and only then sends all of them back.
class RepeatingServer {
public:
  RepeatingServer();                                  // TCP, 127.0.0.1
  explicit RepeatingServer(const Endpoint& address);  // a given address
  ~RepeatingServer();
  RepeatingServer(const RepeatingServer&) = delete;
  RepeatingServer& operator=(const RepeatingServer&) = delete;

  const Endpoint& address() const { return address_; }

private:
  struct Running;

  Endpoint address_;
  std::unique_ptr<Running> running_;
};

// Bytes that differ at every place.
std::string random_bytes(std::size_t size);

// Sends `bytes` and EOF to a connected socket, which it closes, and returns what comes back until EOF.
std::string exchange(int fd, const std::string& bytes);

}  // namespace labctl::test
