#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace labctl {

// What a caller, the doctor or the exit code reacts to; everything else is told by the words.
enum class Kind {
  usage,        // the command line is wrong
  invalid,      // a file, payload or reply that does not read as it should
  not_found,    // the named thing does not exist
  conflict,     // something is in the way that is not ours to remove
  unreachable,  // nobody answers: no route, refused, reset
  refused,      // somebody answers, and says no: key refused, host key changed, permission
  timeout,      // a wait reached its deadline
  unavailable,  // reached, but cannot serve: no leader, daemon down behind the tunnel
  interrupted,  // SIGINT or SIGTERM
  lab,          // the embedded lab itself failed
  system,       // the operating system refused a call
};

std::string_view to_string(Kind kind);

// The one exception type of labctl. `what` says what happened in one line, `where` names the node, file or
// socket, `hint` the next step; where and hint may be empty. Our own bugs are not errors: they abort.
class Error : public std::runtime_error {
public:
  Error(Kind kind, std::string what, std::string where = {}, std::string hint = {});

  Kind kind() const noexcept { return kind_; }
  const std::string& where() const noexcept { return where_; }
  const std::string& hint() const noexcept { return hint_; }

  // "where: what (hint)", the line a person reads.
  std::string line() const;

private:
  Kind kind_;
  std::string where_;
  std::string hint_;
};

// An Error{Kind::system} whose text is `what` and the meaning of errno.
Error system_error(std::string_view what, std::string where = {}, std::string hint = {});

}  // namespace labctl
