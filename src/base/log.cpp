#include "base/log.hpp"

#include "base/repeat_filter.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <string_view>
#include <system_error>

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

// The file of a daemon. A full disk or a deleted folder must not end the daemon, so errors are ignored here.
class DaemonLog : public spdlog::sinks::base_sink<std::mutex> {
public:
  DaemonLog(std::filesystem::path path, std::size_t limit) : path_(std::move(path)), limit_(limit) { open(); }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view text(message.payload.data(), message.payload.size());
    for (const auto& line : filter_.pass(text, message.level, RepeatFilter::Clock::now())) {
      spdlog::details::log_msg one = message;
      one.level = static_cast<spdlog::level::level_enum>(line.level);
      one.payload = line.text;
      spdlog::memory_buf_t formatted;
      base_sink::formatter_->format(one, formatted);
      write({formatted.data(), formatted.size()});
    }
  }
  void flush_() override {}

private:
  void open() {
    file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    struct stat found {};
    size_ = file_ && ::fstat(file_.get(), &found) == 0 ? static_cast<std::size_t>(found.st_size) : 0;
  }

  bool in_place() const {
    struct stat named {
    }, ours{};
    return file_ && ::stat(path_.c_str(), &named) == 0 && ::fstat(file_.get(), &ours) == 0 &&
           named.st_ino == ours.st_ino && named.st_dev == ours.st_dev;
  }

  void write(std::string_view line) {
    if (!in_place()) open();  // deleted or moved by somebody else
    if (size_ > 0 && size_ + line.size() > limit_) {
      std::error_code ignored;
      std::filesystem::rename(path_, path_.string() + ".old", ignored);
      open();
    }
    const ssize_t written = ::write(file_.get(), line.data(), line.size());
    if (written > 0) size_ += static_cast<std::size_t>(written);
  }

  std::filesystem::path path_;
  std::size_t limit_;
  std::size_t size_ = 0;
  UniqueFd file_;
  RepeatFilter filter_;
};

}  // namespace

void log_to_stderr(Verbosity verbosity) {
  auto logger =
      std::make_shared<spdlog::logger>("labctl", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
  logger->set_pattern("labctl: %^%l%$: %v");
  logger->set_level(level(verbosity, spdlog::level::warn));
  spdlog::set_default_logger(std::move(logger));
}

void log_to_file(const std::filesystem::path& path, Verbosity verbosity, std::size_t limit) {
  auto logger = std::make_shared<spdlog::logger>("labctl", std::make_shared<DaemonLog>(path, limit));
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e %l %v");
  logger->set_level(level(verbosity, spdlog::level::info));
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace labctl
