#include "inventory/salt/returns.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "inventory/salt/readers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace labctl::inventory::salt {
namespace {

constexpr auto question = "expected what `salt '*' grains.get ip4_interfaces:eth0` prints, with any --out";

bool digits(const Value& value) {
  return value.kind == Value::Kind::text && !value.text.empty() &&
         value.text.find_first_not_of("0123456789") == std::string::npos;
}

// Whether this is an entry that batch and verbose runs print in addition to those of the minions.
bool of_the_job(const Entry& entry) {
  return (entry.name == "jid" || entry.name == "retcode") && digits(entry.value);
}

// The VALUE of a full return: {"ret": VALUE, "retcode": 0, …} or {"return": VALUE, "retcode": 0, …}.
const Value& inside(Value&&) = delete;
const Value& inside(const Value& value) {
  if (value.find("retcode") == nullptr && value.find("jid") == nullptr && value.find("success") == nullptr)
    return value;
  for (const auto* name : {"ret", "return"}) {
    if (const auto* found = value.find(name)) return *found;
  }
  return value;
}

// The entries without salt-api's {"return": [{…}]} or jobs.lookup_jid's {"data": {…}, "outputter": …}
// around them.
std::vector<Entry> unwrapped(std::vector<Entry> entries) {
  if (entries.size() == 1 && entries.front().name == "return" &&
      entries.front().value.kind == Value::Kind::list) {
    std::vector<Entry> result;
    for (const auto& item : entries.front().value.items)
      result.insert(result.end(), item.entries.begin(), item.entries.end());
    return result;
  }
  const auto named = [&](const char* name) {
    return std::find_if(entries.begin(), entries.end(),
                        [&](const Entry& entry) { return entry.name == name; });
  };
  const auto data = named("data");
  if (entries.size() == 2 && named("outputter") != entries.end() && data != entries.end() &&
      data->value.kind == Value::Kind::mapping)
    return data->value.entries;
  return entries;
}

[[noreturn]] void nothing(const Text& text) {
  std::string words = "there is no minion in salt's output";
  std::string hint = question;
  for (const auto& message : text.messages) {
    if (message.starts_with("Nested output failed")) {
      throw Error(Kind::invalid, "salt could not print this in the form asked for", text.source,
                  "--out=key is for salt-key; use --out=json, or no --out at all");
    }
  }
  if (!text.messages.empty()) words = "salt found no minion: " + join(text.messages, "; ");
  if (!text.silent.empty()) words = "no minion responded: " + join(text.silent, ", ");
  if (text.lines.empty() && text.messages.empty() && text.silent.empty()) {
    words = "salt's output is empty";
    hint = "--out=quiet prints nothing, and --out=txt no empty answers; use --out=json, or no --out at all";
  }
  throw Error(Kind::invalid, words, text.source, hint);
}

}  // namespace

std::vector<Entry> minion_returns(const Text& text) {
  std::vector<Entry> result;
  for (const auto& entry : unwrapped(read(text))) {
    if (of_the_job(entry)) continue;
    if (entry.name == "local") {
      text.fail(entry.line, "this is what salt-call prints, which does not say which node it is",
                "run on the salt master: sudo salt '*' grains.get ip4_interfaces:eth0");
    }
    if (entry.value.doubtful) fail_doubtful(text, entry);
    const auto& value = inside(entry.value);
    if (value.doubtful) fail_doubtful(text, entry);
    result.push_back({entry.name, value, entry.line});
  }
  if (result.empty()) nothing(text);
  return result;
}

void fail_doubtful(const Text& text, const Entry& entry) {
  text.fail(
      entry.line,
      fmt::format("{} has no value here; the next value may be its own or the next minion's", entry.name),
      "run salt again with --out=json, which is unambiguous");
}

std::string first_line(const Value& value) {
  if (value.kind == Value::Kind::text) {
    const auto words = trim(value.text.substr(0, value.text.find('\n')));
    constexpr std::array none = {"", "False", "false"};
    if (std::find(none.begin(), none.end(), words) == none.end()) return words;
  }
  return {};
}

}  // namespace labctl::inventory::salt
