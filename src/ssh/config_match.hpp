#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// Whether the lines of a block count. `undecided`: only a criterion that labctl does not evaluate could tell.
enum class Applies { no, undecided, yes };

// What the conditions of `Match` are compared with.
struct MatchSubject {
  std::string host;           // the HostName so far
  std::string original_host;  // as it was given
  std::string user;
  std::string local_user;
  std::string tag;
  bool final_pass = false;
};

struct MatchResult {
  Applies applies = Applies::no;
  bool wants_final_pass = false;
  std::string not_evaluated;  // "exec \"command\"" when the result is undecided
};

// `Host PATTERN...`: one must match, no negated one may. Error{invalid} for an empty pattern.
bool host_matches(const std::vector<std::string>& patterns, std::string_view host);

// `Match CRITERION...`. The commands of `exec` are never run. Error{invalid} for what ssh calls a bad
// condition.
MatchResult evaluate_match(const std::vector<std::string>& arguments, const MatchSubject& subject);

}  // namespace labctl::ssh
