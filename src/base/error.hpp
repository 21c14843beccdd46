#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace labctl {

// What callers, the doctor and the exit status depend on; everything else is in the text.
enum class Kind {
  usage,        // the command line is wrong
  invalid,      // a malformed file, payload or reply
  not_found,    // the named thing does not exist
  conflict,     // something blocks us that we must not remove
  unreachable,  // no answer: no route, connection refused, reset
  refused,      // the peer refuses: key rejected, host key changed, no permission
  timeout,      // a wait reached its deadline
  unavailable,  // reachable, but cannot serve: no leader, daemon down behind the tunnel
  interrupted,  // SIGINT or SIGTERM
  lab,          // the embedded lab itself failed
  system,       // the operating system refused a call
};

std::string_view to_string(Kind kind);

// The only exception type of labctl. `what` describes the error in one line, `where` names the node, file or
// socket, `hint` the next step; where and hint may be empty. Bugs in labctl are not errors: they abort.
class Error : public std::runtime_error {
public:
  Error(Kind kind, const std::string& what, std::string where = {}, std::string hint = {});

  Kind kind() const noexcept { return kind_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& hint() const noexcept { return hint_; }

  // "where: what (hint)", the line for the user.
  std::string line() const;

private:
  Kind kind_;
  std::string where_;
  std::string hint_;
};

// An Error{Kind::system} whose text is `what` and the meaning of errno.
Error system_error(std::string_view what, std::string where = {}, std::string hint = {});

}  // namespace labctl
