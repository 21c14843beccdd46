#pragma once

#include "base/deadline.hpp"
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

// Prints what a pasted message says, and which of the findings that explain it are there now.
void print_readings(const std::vector<doctor::Reading>& readings,
                    const std::vector<doctor::Finding>& findings, Deadline deadline, const Context& context);

// Prints the page of a finding; all pages, as a document, for "all". Error{not_found} naming the nearest id.
void print_page(const std::string& id, const Context& context);

// Prints every id with its meaning.
void list_troubles(const Context& context);

}  // namespace labctl::cli
