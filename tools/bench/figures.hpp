#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace labctl::bench {

// One measured quantity, of labctl's tunnels and of OpenSSH's.
struct Figure {
  std::string what;
  std::string unit;
  double ours = 0;
  double theirs = 0;

  double ratio() const { return theirs == 0 ? 0 : ours / theirs; }
};

// The middle of all rounds. At least one.
double median(std::vector<double> values);

// "one stream, down    MB/s   412.3   310.1   1.33"
std::string row(const Figure& figure);
std::string header();
// Writes {"processor": …, "rounds": …, "figures": [{"what", "unit", "labctl", "ssh", "ratio"}]}.
void write_json(const std::filesystem::path& file, const std::vector<Figure>& figures, std::size_t rounds);

}  // namespace labctl::bench
