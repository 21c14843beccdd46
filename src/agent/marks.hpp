#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace labctl::agent {

// What stands under migrate/N/ (contract 3, 9.1.5): the key's last segment is the word, any word but
// "failure" releases. The contract's value is empty; ours names the event it belongs to, so that a mark left
// by an aborted deployment is not taken for this one's, and the snapshots that were sent, so that the
// receiver restores exactly these.
struct Mark {
  std::string event_id;                          // "" in marks of other handlers and of operators
  std::map<std::string, std::string> snapshots;  // volume -> snapshot
  bool heard = false;                            // of a call-off: the other master has read it
};

std::string to_text(const Mark& mark);
// Any text reads: what is not ours is a mark without event.
Mark parse_mark(std::string_view value);

enum class Verdict { go, stop, stale };
Verdict judge(std::string_view word, const Mark& mark, std::string_view event_id);

}  // namespace labctl::agent
