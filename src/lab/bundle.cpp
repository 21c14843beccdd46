#include "lab/bundle.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

namespace labctl::lab {
namespace {

namespace fs = std::filesystem;

constexpr auto as_seen = "/opt/labctl";

fs::path agent_binary() {
  const fs::path beside = self_path().parent_path() / "labctl-agent";
  if (!fs::exists(beside)) {
    throw Error(Kind::lab, "the lab's deploy handler is not built", beside, "build the target labctl-agent");
  }
  return beside;
}

void add_agent(const fs::path& folder, const fs::path& agent) {
  const Libraries libraries =
      parse_ldd(run_checked({.argv = {"ldd", agent}}, Deadline::in(std::chrono::seconds(10))));
  fs::create_directories(folder / "lib");
  for (const auto& file : libraries.files) fs::copy_file(file, folder / "lib" / file.filename());
  const std::string loader = libraries.loader.filename();
  fs::copy_file(libraries.loader, folder / "lib" / loader);
  fs::copy_file(agent, folder / "lib/labctl-agent");
  write_file(folder / "bin/labctl-agent",
             fmt::format("#!/bin/sh\nexec {0}/lib/{1} --library-path {0}/lib {0}/lib/labctl-agent \"$@\"\n",
                         as_seen, loader),
             0755);
}

}  // namespace

Libraries parse_ldd(const std::string& output) {
  Libraries libraries;
  for (const auto& raw : lines(output)) {
    const std::string line = trim(raw);
    const auto arrow = line.find(" => ");
    const std::string left = line.substr(0, arrow);
    const std::string right = arrow == std::string::npos ? left : line.substr(arrow + 4);
    if (right.starts_with("not found")) throw Error(Kind::invalid, "library not found", left);
    if (!right.starts_with("/")) continue;  // linux-vdso
    const fs::path file = right.substr(0, right.find(" ("));
    if (file.filename().string().starts_with("ld-linux")) {
      libraries.loader = file;
    } else {
      libraries.files.push_back(file);
    }
  }
  if (libraries.loader.empty()) throw Error(Kind::invalid, "no dynamic loader in what ldd says", "ldd");
  return libraries;
}

void make_bundle(const fs::path& folder, const std::optional<fs::path>& handler) {
  fs::create_directories(folder / "bin");
  add_agent(folder, agent_binary());
  if (handler) {
    fs::copy_file(*handler, folder / "bin/handler");
    fs::permissions(folder / "bin/handler", fs::perms(0755));
  } else {
    write_file(folder / "bin/handler",
               fmt::format("#!/bin/sh\nexec {}/bin/labctl-agent handler \"$@\"\n", as_seen), 0755);
  }
  fs::copy(share_dir() / "lab/stack", folder / "stack", fs::copy_options::recursive);
}

}  // namespace labctl::lab
