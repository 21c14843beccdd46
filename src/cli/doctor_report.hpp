#pragma once

#include "base/deadline.hpp"
#include "doctor/explanation.hpp"
#include "doctor/finding.hpp"
#include "doctor/message.hpp"
#include "doctor/observations.hpp"

#include <string>
#include <vector>

namespace labctl::cli {

struct Context;

// Prints the groups with their findings, or JSON:
// {"findings": [...], "groups": [...], "notes": [...], "seconds": N}.
void print_findings(const std::vector<doctor::Finding>& findings, const doctor::Observations& seen,
                    Deadline deadline, const Context& context);

// Prints what a pasted message says, what explains it now, and what could not be looked at; or JSON:
// {"says": "...", "explained_by": [ids], "findings": [...], "in_the_way": [...], "groups": [...],
// "seconds": N}. The groups are those that could not be looked at in full.
void print_explanation(const doctor::Reading& reading, const doctor::Explanation& explanation,
                       Deadline deadline, const Context& context);

// Prints the page of a finding; all pages, as a document, for "all". Error{not_found} naming the nearest id.
void print_page(const std::string& id, const Context& context);

// Prints every id with its meaning.
void list_troubles(const Context& context);

}  // namespace labctl::cli
