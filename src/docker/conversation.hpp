#pragma once

#include "base/deadline.hpp"
#include "docker/stream.hpp"
#include "http/upgraded.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace labctl::docker {

// A command in a running container that is asked line by line (an exec with its input attached, API v1.41).
// One thread at a time. Its input ends with this object: a command that reads it ends then, even if we are
// killed.
class Conversation {
public:
  // Errors as of Client::exec.
  Conversation(const http::Server& engine, const std::string& container, const std::vector<std::string>& argv,
               Deadline deadline);

  // Writes the line and returns the next line of the command's output, without its end. Error{unavailable}
  // with what the command said last if it ended instead; nothing can be asked after any error.
  std::string ask(std::string_view line, Deadline deadline);

  // Whether it still waits to be asked, as far as has been heard.
  bool open() const;

private:
  http::Upgraded stream_;
  Demultiplexer said_;
};

}  // namespace labctl::docker
