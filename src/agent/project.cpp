#include "agent/project.hpp"

#include "agent/caddy/translation.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "contract/app_settings.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <utility>

namespace labctl::agent {
namespace {

using namespace std::chrono_literals;

void clone_once(const Settings& settings, const contract::AppName& app,
                const std::filesystem::path& directory) {
  std::filesystem::remove_all(directory);
  Command git;
  git.argv = {"git", "clone", "--quiet", "--depth", "1"};
  if (!app.branch.empty()) git.argv.insert(git.argv.end(), {"-b", app.branch});
  // "--": a URL must not be taken for an option.
  git.argv.insert(git.argv.end(), {"--", app.repo_url, directory.string()});
  git.directory = settings.deploy;
  git.environment = {"GIT_TERMINAL_PROMPT=0"};
  run_checked(git, Deadline::in(10min));
}

// Scripts of the repository call docker-compose without -p and rely on this line.
void write_project_name(const std::filesystem::path& directory, const std::string& project) {
  const auto path = directory / ".env";
  std::string text;
  if (std::filesystem::exists(path)) text = read_file(path);
  std::ofstream file(path, std::ios::app);
  if (!text.empty() && !text.ends_with('\n')) file << '\n';
  file << "COMPOSE_PROJECT_NAME=" << project << '\n';
  file.close();
  if (!file) throw system_error("cannot write", path);
}

// Error{not_found} if the compose file has a name that docker-compose takes, and the cluster does not.
void refuse_other_name(const std::filesystem::path& directory, const contract::AppName& app) {
  for (const char* name : {"docker-compose.yaml", "compose.yaml", "compose.yml"}) {
    if (!std::filesystem::exists(directory / name)) continue;
    throw Error(Kind::not_found, std::string("the repository has ") + name + ", but no docker-compose.yml",
                app.app, "the cluster reads only docker-compose.yml: rename the file");
  }
}

// What Caddy 2 does not get, or gets as closed paths.
void translate_sites(const std::vector<contract::Site>& sites, std::vector<std::string>& problems,
                     std::vector<std::string>& warnings) {
  try {
    const auto translation = translate_caddyfile(contract::render_caddyfile(sites), {});
    for (const auto& warning : translation.warnings) warnings.push_back("for Caddy 2, " + warning);
  } catch (const Error& error) {  // nor could the node's Caddy read its file with these sites
    problems.push_back("the sites as they are written to app/: " + error.line());
  }
}

}  // namespace

void clone_repository(const Settings& settings, const contract::AppName& app,
                      const std::filesystem::path& directory, const std::function<void()>& before) {
  before();
  try {
    clone_once(settings, app, directory);
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    spdlog::warn("{}; trying once more", error.line());
    before();
    clone_once(settings, app, directory);
  }
  write_project_name(directory, app.project);
}

Project read_project(const Settings& settings, const contract::AppName& app,
                     const std::filesystem::path& directory) {
  Project project;
  project.directory = directory;
  const std::filesystem::path file = directory / "docker-compose.yml";
  if (!std::filesystem::exists(file)) refuse_other_name(directory, app);
  project.compose = contract::parse_compose(read_file(file), settings.driver);
  for (const auto& service : project.compose.services) {
    project.containers.emplace_back(service.name, contract::container_name(app.project, service.name));
  }
  for (const auto& key : project.compose.managed) {
    project.volumes.push_back(contract::volume_name(app.project, key));
  }
  return project;
}

void check_project(Project& project, const contract::AppName& app, const std::string& master,
                   const std::vector<contract::OtherApp>& others) {
  auto settings = contract::app_settings(project.compose, app.project);
  auto& [sites, haproxy, check_urls, problems, warnings] = settings;
  translate_sites(sites, problems, warnings);
  project.sites = std::move(sites);
  project.haproxy = std::move(haproxy);
  project.check_urls = std::move(check_urls);
  const auto claims = contract::check_claims(app.app, master, project.sites, others);
  problems.insert(problems.end(), claims.conflicts.begin(), claims.conflicts.end());
  warnings.insert(warnings.end(), claims.warnings.begin(), claims.warnings.end());
  for (const auto& warning : warnings) spdlog::warn("{}: {}", app.app, warning);
  if (!problems.empty()) throw Error(Kind::invalid, join(problems, "; "), app.app);
}

}  // namespace labctl::agent
