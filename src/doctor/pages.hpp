#pragma once

#include "doctor/finding.hpp"

#include <string>

namespace labctl::doctor {

// What `labctl doctor --explain ID` prints: the kind of problem, its cause, the evidence and the remedy.
std::string page(const Trouble& trouble);

// The text of docs/findings.md: every page, by group.
std::string all_pages();

}  // namespace labctl::doctor
