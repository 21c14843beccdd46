#pragma once

#include "base/deadline.hpp"
#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <string>
#include <vector>

namespace labctl::cli {

struct Context;

// Prints the groups with their findings, or JSON: {"findings": [...], "groups": [...], "seconds": N}.
void print_findings(const std::vector<doctor::Finding>& findings, const doctor::Observations& seen,
                    Deadline deadline, const Context& context);

// Prints the page of a finding; all pages, as a document, for "all". Error{not_found} naming the nearest id.
void print_page(const std::string& id, const Context& context);

// Prints every id with its meaning.
void list_troubles(const Context& context);

}  // namespace labctl::cli
