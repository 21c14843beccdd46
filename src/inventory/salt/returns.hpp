#pragma once

#include "inventory/salt/text.hpp"
#include "inventory/salt/value.hpp"

#include <vector>

namespace labctl::inventory::salt {

// The minions among the names that a reader found, in order; a minion that answered twice is returned twice.
// Removes what salt-api, jobs.lookup_jid, batches and full returns put around a minion's value.
// Error{invalid} for salt-call's "local", and if it is ambiguous which of two minions a value belongs to.
std::vector<Entry> minion_returns(const Text& text);

// What a minion answered instead of a value, for messages: the first line of a text; "" if it gave none.
std::string first_line(const Value& value);

// For a value that is Value::doubtful.
[[noreturn]] void fail_doubtful(const Text& text, const Entry& entry);

}  // namespace labctl::inventory::salt
