#include "base/error.hpp"
#include "runner/baseline.hpp"
#include "runner/report_diff.hpp"
#include "runner/report_reader.hpp"
#include "runner/reports.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

// A results.json of another version, or one that a user has edited. If it can be read, it can also be written
// and compared.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  try {
    auto run = labctl::runner::parse_report(text, "results.json");
    labctl::runner::Baseline(run, "results.json").compare(run);
    labctl::runner::diff_text(run, run, "results.json");
    labctl::runner::json_text(run);
    labctl::runner::junit_xml(run);
    labctl::runner::html_page(run);
  } catch (const labctl::Error&) {
  }
  return 0;
}
