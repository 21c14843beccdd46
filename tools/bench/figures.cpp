#include "figures.hpp"

#include "base/paths.hpp"
#include "base/text.hpp"

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace labctl::bench {
namespace {

std::string processor() {
  for (const auto& line : lines(read_file("/proc/cpuinfo"))) {
    if (line.starts_with("model name")) return trim(line.substr(line.find(':') + 1));
  }
  return "unknown";
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::string header() {
  return fmt::format("{:<40} {:>10} {:>10} {:<8} {:>6}", "", "labctl", "ssh", "", "ratio");
}

std::string row(const Figure& figure) {
  return fmt::format("{:<40} {:>10.2f} {:>10.2f} {:<8} {:>6.2f}", figure.what, figure.ours, figure.theirs,
                     figure.unit, figure.ratio());
}

void write_json(const std::filesystem::path& file, const std::vector<Figure>& figures, std::size_t rounds) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const auto& figure : figures) {
    all.push_back({{"what", figure.what},
                   {"unit", figure.unit},
                   {"labctl", figure.ours},
                   {"ssh", figure.theirs},
                   {"ratio", figure.ratio()}});
  }
  const nlohmann::ordered_json text = {{"processor", processor()}, {"rounds", rounds}, {"figures", all}};
  write_file(file, text.dump(2) + "\n");
}

}  // namespace labctl::bench
