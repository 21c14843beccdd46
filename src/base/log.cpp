#include "base/log.hpp"

#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace labctl {
namespace {

spdlog::level::level_enum level(Verbosity verbosity, spdlog::level::level_enum normal) {
  switch (verbosity) {
    case Verbosity::quiet:
      return spdlog::level::err;
    case Verbosity::verbose:
      return spdlog::level::debug;
    case Verbosity::normal:
      break;
  }
  return normal;
}

}  // namespace

void log_to_stderr(Verbosity verbosity) {
  auto logger =
      std::make_shared<spdlog::logger>("labctl", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern("labctl: %^%l%$: %v");
  logger->set_level(level(verbosity, spdlog::level::warn));
  spdlog::set_default_logger(std::move(logger));
}

void log_to_file(const std::filesystem::path& path, Verbosity verbosity) {
  // Created before spdlog opens it, so that it never has wider permissions.
  const UniqueFd created(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  auto sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(path.string());
  auto logger = std::make_shared<spdlog::logger>("labctl", std::move(sink));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  logger->set_level(level(verbosity, spdlog::level::info));
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace labctl
