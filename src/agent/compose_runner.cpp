#include "agent/compose_runner.hpp"

#include "base/current_error.hpp"
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "http/client.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

// True if no image name contains a variable and no override file can change one.
bool literal_images(const contract::Compose& compose, const std::filesystem::path& directory) {
  for (const char* name : {"docker-compose.override.yml", "docker-compose.override.yaml"}) {
    if (std::filesystem::exists(directory / name)) return false;
  }
  return std::none_of(compose.services.begin(), compose.services.end(), [](const contract::Service& service) {
    return service.image.find('$') != std::string::npos;
  });
}

// The error of a pull, "" if there is none. After status 200, Docker reports a failure in the last line of
// its progress stream.
std::string pull_error(const http::Response& response) {
  const auto json = nlohmann::json::parse(last_line(response.body), nullptr, false);
  if (json.is_object() && json.contains("error")) return json.value("error", "");
  if (response.status == 200) return "";
  return json.is_object() ? json.value("message", "status " + std::to_string(response.status))
                          : "status " + std::to_string(response.status);
}

void pull(const std::string& socket, std::string image) {
  const auto slash = image.rfind('/');
  const auto colon = image.find(':', slash == std::string::npos ? 0 : slash);
  if (colon == std::string::npos && image.find('@') == std::string::npos) image += ":latest";
  try {
    http::Client docker(Endpoint::unix_socket(socket));
    const auto response = docker.send({.method = "POST",
                                       .target = "/images/create?fromImage=" + http::escape(image),
                                       .headers = {},
                                       .body = {}},
                                      Deadline::in(30min));
    const std::string error = pull_error(response);
    if (!error.empty()) spdlog::warn("cannot pull {}: {}", image, error);
  } catch (...) {  // pull() runs in its own thread: an exception must not leave it
    spdlog::warn("cannot pull {}: {}", image, current_error().line());
  }
}

}  // namespace

ComposeRunner::ComposeRunner(std::string project, std::filesystem::path directory)
    : project_(std::move(project)), directory_(std::move(directory)) {}

void ComposeRunner::compose(std::vector<std::string> arguments, std::chrono::minutes budget) const {
  arguments.insert(arguments.begin(), {"docker-compose", "-p", project_});
  const Result result = run(
      {.argv = arguments, .input = {}, .directory = directory_, .environment = {}, .drop_environment = {}},
      Deadline::in(budget));
  for (const auto& text : {result.out, result.err}) {
    for (const auto& line : lines(text)) spdlog::debug("docker-compose: {}", line);
  }
  if (!result.ok()) {
    throw Error(Kind::system,
                "failed (status " + std::to_string(result.status) + "): " + last_line(result.err),
                display(arguments));
  }
}

void ComposeRunner::up() const { compose({"up", "-d"}, 30min); }
void ComposeRunner::down() const { compose({"down"}, 10min); }

void ComposeRunner::images(const contract::Compose& file, const Settings& settings) const {
  const bool builds = std::any_of(file.services.begin(), file.services.end(),
                                  [](const contract::Service& service) { return service.builds; });
  if (literal_images(file, directory_)) {
    std::vector<std::string> names;
    for (const auto& service : file.services) {
      if (!service.builds && !service.image.empty()) names.push_back(service.image);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::vector<std::jthread> pulls;
    for (const auto& name : names)
      pulls.emplace_back([&settings, name] { pull(settings.docker_socket, name); });
  } else {
    try {
      compose({"pull", "--quiet"}, 60min);
    } catch (...) {
      spdlog::warn("{}", current_error().line());
    }
  }
  if (builds) compose({"build", "--pull"}, 60min);
}

bool ComposeRunner::script(const std::string& name, const std::vector<std::string>& arguments) const {
  const auto path = directory_ / name;
  if (!std::filesystem::exists(path)) return false;
  std::vector<std::string> argv{"sh", path.string()};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  const Result result =
      run({.argv = argv, .input = {}, .directory = directory_, .environment = {}, .drop_environment = {}},
          Deadline::in(60min));
  for (const auto& text : {result.out, result.err}) {
    for (const auto& line : lines(text)) spdlog::info("{}: {}", name, line);
  }
  if (!result.ok()) {
    throw Error(Kind::system,
                "failed (status " + std::to_string(result.status) + "): " + last_line(result.err),
                display(argv));
  }
  return true;
}

}  // namespace labctl::agent
