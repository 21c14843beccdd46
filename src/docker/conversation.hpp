#pragma once

#include "base/deadline.hpp"
#include "docker/stream.hpp"
#include "http/upgraded.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::docker {

// A command in a running container that answers line by line (an exec with attached stdin, API v1.41). One
// thread at a time. Its stdin closes with this object, even if we are killed, so a command that reads stdin
// then ends.
class Conversation {
public:
  // Errors as Client::exec.
  Conversation(const http::Server& engine, const std::string& container, const std::vector<std::string>& argv,
               Deadline deadline);

  // Writes the line and returns the next line of the command's output, without newline. Error{unavailable}
  // with the command's last output if it exited instead. Not usable after any error.
  std::string ask(std::string_view line, Deadline deadline);

  // Whether the command still waits for a line, as far as is known.
  bool open() const;

private:
  http::Upgraded stream_;
  Demultiplexer said_;
};

}  // namespace labctl::docker
