#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labctl::ssh {

// Whether a block applies. `undecided`: it depends on a criterion that labctl does not evaluate.
enum class Applies { no, undecided, yes };

// The values that the conditions of `Match` are compared with.
struct MatchSubject {
  std::string host;           // the HostName so far
  std::string original_host;  // as given
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

// `Host PATTERN...`: at least one pattern must match, and no negated one. Error{invalid} for an empty
// pattern.
bool host_matches(const std::vector<std::string>& patterns, std::string_view host);

// `Match CRITERION...`. Commands of `exec` are never run. Error{invalid} for a condition that ssh rejects.
MatchResult evaluate_match(const std::vector<std::string>& arguments, const MatchSubject& subject);

}  // namespace labctl::ssh
