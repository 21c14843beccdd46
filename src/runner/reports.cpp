#include "runner/reports.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"

#include <unistd.h>

namespace labctl::runner {

void require_writable(const std::filesystem::path& folder) {
  auto place = std::filesystem::absolute(folder).lexically_normal();
  std::error_code code;
  while (!std::filesystem::exists(place, code) && place.has_relative_path()) place = place.parent_path();
  const auto refuse = [&](const std::string& why) {
    throw Error(Kind::usage, "no report can be written there: " + place.string() + " " + why, folder.string(),
                "--report names another folder");
  };
  if (!std::filesystem::is_directory(place, code)) refuse("is no folder");
  if (::access(place.c_str(), W_OK | X_OK) != 0) refuse("may not be written by this user");
}

void write_reports(const RunResult& run, const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) throw Error(Kind::system, "cannot make the report folder: " + code.message(), folder.string());
  write_file(folder / "junit.xml", junit_xml(run));
  write_file(folder / "results.json", json_text(run));
  write_file(folder / "index.html", html_page(run));
}

}  // namespace labctl::runner
