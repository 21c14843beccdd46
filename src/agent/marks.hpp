#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace labctl::agent {

// A key below migrate/N/ (contract 3, 9.1.5): its last segment is the word; any word but "failure" releases
// the receiver. The contract's value is empty; ours contains the event id, so that a mark of an aborted
// deployment is not used for this one, and the snapshots that were sent, so that the receiver restores
// exactly these.
struct Mark {
  std::string event_id;                          // "" in marks of other handlers and of operators
  std::map<std::string, std::string> snapshots;  // volume -> snapshot
  bool heard = false;                            // of a call-off: the other master has read it
};

std::string to_text(const Mark& mark);
// Accepts any text: if it is not ours, the result is a mark without event.
Mark parse_mark(std::string_view value);

enum class Verdict { go, stop, stale };
Verdict judge(std::string_view word, const Mark& mark, std::string_view event_id);

}  // namespace labctl::agent
