#pragma once

#include <string>

namespace labctl::agent {

struct LogOptions {
  std::string level = "DEBUG";  // Python's names
  std::string format = "%(asctime)s\t%(levelname)s\t%(message)s";
  std::string file;  // "": stderr only; its folder is created if missing
};

// Sends spdlog's default logger to stderr and the file. A file that cannot be written is a warning, not an
// error.
void set_up_logging(const LogOptions& options);

// A Python logging format as a spdlog pattern; "%*" is the level in Python's spelling.
std::string spdlog_pattern(const std::string& python_format);

}  // namespace labctl::agent
