#include "ssh/config_match.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "ssh/pattern.hpp"

#include <algorithm>
#include <array>
#include <deque>

namespace labctl::ssh {
namespace {

[[noreturn]] void bad(const std::string& what) { throw Error(Kind::invalid, "bad Match: " + what); }

// These depend on a command, the network or the type of the session: labctl cannot know what ssh would find.
constexpr std::array not_evaluated{"exec", "localnetwork", "command", "sessiontype", "version"};

bool holds(const std::string& criterion, const std::string& argument, const MatchSubject& subject) {
  if (criterion == "host") return match_pattern_list(subject.host, argument);
  if (criterion == "originalhost") return match_pattern_list(subject.original_host, argument);
  if (criterion == "user") return match_exact_list(subject.user, argument);
  if (criterion == "localuser") return match_exact_list(subject.local_user, argument);
  if (criterion == "tagged") return match_exact_list(subject.tag, argument);
  bad("unknown criterion " + criterion);
}

}  // namespace

bool host_matches(const std::vector<std::string>& patterns, std::string_view host) {
  bool found = false;
  for (const std::string& pattern : patterns) {
    if (pattern.empty()) throw Error(Kind::invalid, "Host has an empty pattern");
    const bool negated = pattern.starts_with('!');
    if (!match_exact(host, std::string_view(pattern).substr(negated ? 1 : 0))) continue;
    if (negated) return false;
    found = true;
  }
  return found;
}

MatchResult evaluate_match(const std::vector<std::string>& arguments, const MatchSubject& subject) {
  std::deque<std::string> words(arguments.begin(), arguments.end());
  const auto next = [&] {
    std::string word = words.front();
    words.pop_front();
    return word;
  };
  MatchResult result{.applies = Applies::yes, .wants_final_pass = false, .not_evaluated = {}};
  std::size_t criteria = 0;
  while (!words.empty()) {
    std::string word = next();
    const bool negated = word.starts_with('!');
    if (negated) word.erase(0, 1);
    // "host=core1" is also allowed.
    if (const auto equals = word.find('='); equals != std::string::npos) {
      if (equals + 1 < word.size()) words.push_front(word.substr(equals + 1));
      word.resize(equals);
    }
    const std::string criterion = lower(word);
    const auto decide = [&](bool held) {
      if (held == negated) result.applies = Applies::no;
    };
    if (criterion == "all") {
      if (criteria > 1 || !words.empty()) bad("\"all\" stands alone");
      decide(true);
      return result;
    }
    ++criteria;
    if (criterion == "final" || criterion == "canonical") {
      result.wants_final_pass |= criterion == "final";
      decide(subject.final_pass);
      continue;
    }
    if (!words.empty() && words.front() == "=") words.pop_front();
    if (words.empty() || words.front().empty()) bad(criterion + " has no argument");
    const std::string argument = next();
    if (std::find(not_evaluated.begin(), not_evaluated.end(), criterion) == not_evaluated.end()) {
      decide(holds(criterion, argument, subject));
    } else if (result.applies != Applies::no) {
      result.applies = Applies::undecided;
      if (result.not_evaluated.empty()) result.not_evaluated = criterion + " \"" + argument + "\"";
    }
  }
  if (criteria == 0) bad("it has no criterion");
  return result;
}

}  // namespace labctl::ssh
