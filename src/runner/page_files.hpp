#pragma once

#include <string>
#include <string_view>

namespace labctl::runner {

// A file of src/runner/report, embedded at build time, and its SHA-256 as a Content-Security-Policy names it:
// "sha256-" and Base64 (CSP Level 3, "hash-source").
struct PageFile {
  std::string_view text;
  std::string csp_hash;
};
PageFile page_style();
PageFile page_script();

}  // namespace labctl::runner
