#include "agent/log_setup.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/unique_fd.hpp"

#include <fcntl.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace labctl::agent {
namespace {

class PythonLevel : public spdlog::custom_flag_formatter {
public:
  void format(const spdlog::details::log_msg& message, const std::tm&, spdlog::memory_buf_t& into) override {
    static constexpr std::array<std::string_view, 7> names{"DEBUG", "DEBUG",    "INFO",    "WARNING",
                                                           "ERROR", "CRITICAL", "CRITICAL"};
    const auto name = names.at(static_cast<std::size_t>(message.level));
    into.append(name.data(), name.data() + name.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<PythonLevel>(); }
};

// Several processes write to the file at the same time, so each line is appended with one write().
class SharedFile : public spdlog::sinks::base_sink<std::mutex> {
public:
  explicit SharedFile(const std::string& path)
      : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
    if (!fd_) throw system_error("cannot open", path);
  }

protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    // A failed write (disk full) must not stop the work that is logged.
    [[maybe_unused]] const ssize_t ignored = ::write(fd_.get(), line.data(), line.size());
  }
  void flush_() override {}

private:
  UniqueFd fd_;
};

spdlog::level::level_enum level_of(std::string name) {
  for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  if (name == "INFO") return spdlog::level::info;
  if (name == "WARNING" || name == "WARN") return spdlog::level::warn;
  if (name == "ERROR") return spdlog::level::err;
  if (name == "CRITICAL" || name == "FATAL") return spdlog::level::critical;
  return spdlog::level::debug;
}

}  // namespace

std::string spdlog_pattern(const std::string& python_format) {
  std::string pattern = python_format;
  for (const auto& [from, to] :
       std::initializer_list<std::pair<const char*, const char*>>{{"%(asctime)s", "%Y-%m-%d %H:%M:%S,%e"},
                                                                  {"%(levelname)s", "%*"},
                                                                  {"%(message)s", "%v"},
                                                                  {"%(name)s", "%n"},
                                                                  {"%(process)d", "%P"}}) {
    pattern = replace_all(pattern, from, to);
  }
  return pattern;
}

void set_up_logging(const LogOptions& options) {
  std::vector<spdlog::sink_ptr> sinks{std::make_shared<spdlog::sinks::stderr_sink_mt>()};
  std::string problem;
  if (!options.file.empty()) {
    try {
      std::error_code code;
      std::filesystem::create_directories(std::filesystem::path(options.file).parent_path(), code);
      sinks.push_back(std::make_shared<SharedFile>(options.file));
    } catch (const Error& error) {
      problem = error.line();
    }
  }
  auto logger = std::make_shared<spdlog::logger>("handler", sinks.begin(), sinks.end());
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<PythonLevel>('*').set_pattern(spdlog_pattern(options.format));
  logger->set_formatter(std::move(formatter));
  logger->set_level(level_of(options.level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(logger);
  if (!problem.empty()) spdlog::warn("no log file: {}", problem);
}

}  // namespace labctl::agent
