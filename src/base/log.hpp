#pragma once

#include <spdlog/spdlog.h>

#include <cstddef>
#include <filesystem>

// Logs go to stderr (progress and messages are printed by cli/, not logged) or to a daemon's file. Use
// spdlog::debug/info/warn/error; never log a secret.
namespace labctl {

enum class Verbosity { quiet, normal, verbose };

// To stderr, without timestamps; normal: warnings and errors, verbose: everything.
void log_to_stderr(Verbosity verbosity);

inline constexpr std::size_t largest_log = 1024 * 1024;

// Appends to a file, with timestamps and levels. A file that would become larger than `limit` bytes is
// renamed to FILE.old, and a new one begins under its name, so that a reader that follows the name goes on;
// an earlier FILE.old is replaced. Both have mode 0600. A message that is repeated is written once a minute
// (RepeatFilter).
void log_to_file(const std::filesystem::path& path, Verbosity verbosity, std::size_t limit = largest_log);

}  // namespace labctl
