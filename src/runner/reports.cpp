#include "runner/reports.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

namespace labctl::runner {

void write_reports(const RunResult& run, const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) throw Error(Kind::system, "cannot make the report folder: " + code.message(), folder.string());
  write_file(folder / "junit.xml", junit_xml(run));
  write_file(folder / "results.json", json_text(run));
  write_file(folder / "index.html", html_page(run));
}

}  // namespace labctl::runner
