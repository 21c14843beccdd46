#include "processes.hpp"

#include "base/paths.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <sstream>
#include <string>

namespace labctl::bench {
namespace {

// The fields of /proc/PID/stat behind the name of the program, which may contain spaces.
std::vector<std::string> stat_of(pid_t pid) {
  const auto text = read_file(fmt::format("/proc/{}/stat", pid));
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::vector<std::string> fields;
  for (std::string field; rest >> field;) fields.push_back(field);
  return fields;
}

}  // namespace

double cpu_seconds(pid_t pid) {
  const auto fields = stat_of(pid);
  const double ticks = std::stod(fields.at(11)) + std::stod(fields.at(12));  // utime, stime
  return ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double resident_mb(pid_t pid) {
  const double pages = std::stod(stat_of(pid).at(21));  // rss
  return pages * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

std::vector<pid_t> with_descendants(pid_t pid) {
  std::vector<pid_t> all{pid};
  for (std::size_t i = 0; i < all.size(); ++i) {
    std::istringstream children(read_file(fmt::format("/proc/{0}/task/{0}/children", all[i])));
    for (pid_t child = 0; children >> child;) all.push_back(child);
  }
  return all;
}

}  // namespace labctl::bench
