#pragma once

#include <spdlog/spdlog.h>

#include <filesystem>

// Logs go to stderr (progress and messages are printed by cli/, not logged) or to a daemon's file. Use
// spdlog::debug/info/warn/error; never log a secret.
namespace labctl {

enum class Verbosity { quiet, normal, verbose };

// To stderr, without timestamps; normal: warnings and errors, verbose: everything.
void log_to_stderr(Verbosity verbosity);

// Appends to a file, with timestamps and levels; created with mode 0600.
void log_to_file(const std::filesystem::path& path, Verbosity verbosity);

}  // namespace labctl
