#include "agent/project.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "contract/haproxy.hpp"

#include <spdlog/spdlog.h>

#include <fstream>

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

void collect_sites(const contract::Service& service, const std::string& container,
                   std::vector<contract::Site>& sites, std::vector<std::string>& problems,
                   std::vector<std::string>& warnings) {
  if (!service.caddyfile) return;
  const std::string where = "CADDYFILE of service " + service.name;
  if (!service.caddyfile->is_string()) {
    problems.push_back(where + " is not text");
    return;
  }
  try {
    std::vector<std::string> remarks;
    auto own = contract::parse_caddyfile(
        replace_all(service.caddyfile->get_ref<const std::string&>(), "$CONTAINER", container), &remarks);
    for (const auto& remark : remarks) warnings.push_back(where + ", " + remark);
    remarks.clear();
    if (auto twice = contract::duplicate_key(own)) {
      problems.push_back(where + " has the site " + *twice + " twice");
    } else {
      contract::unite_addresses(own, remarks);
    }
    for (const auto& remark : remarks) warnings.push_back(where + ": " + remark);
    for (auto& site : own) {
      contract::apply_defaults(site);
      sites.push_back(std::move(site));
    }
  } catch (const Error& error) {
    problems.push_back(where + ": " + error.line());
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
  std::vector<std::string> problems, warnings = project.compose.warnings;
  std::vector<contract::HaproxyText> texts;
  for (const auto& service : project.compose.services) {
    const std::string container = contract::container_name(app.project, service.name);
    collect_sites(service, container, project.sites, problems, warnings);
    if (service.haproxy) texts.push_back({service.name, container, *service.haproxy});
    if (service.check_urls) {
      auto checks = contract::parse_check_urls(*service.check_urls, service.name);
      project.check_urls.insert(project.check_urls.end(), checks.urls.begin(), checks.urls.end());
      warnings.insert(warnings.end(), checks.warnings.begin(), checks.warnings.end());
    }
  }
  try {
    auto merge = contract::merge_haproxy(texts);
    warnings.insert(warnings.end(), merge.warnings.begin(), merge.warnings.end());
    const auto wrong = contract::haproxy_problems(merge.config);
    problems.insert(problems.end(), wrong.begin(), wrong.end());
    project.haproxy = std::move(merge.config);
  } catch (const Error& error) {
    problems.push_back(error.line());
  }
  const auto claims = contract::check_claims(app.app, master, project.sites, others);
  problems.insert(problems.end(), claims.conflicts.begin(), claims.conflicts.end());
  warnings.insert(warnings.end(), claims.warnings.begin(), claims.warnings.end());
  for (const auto& warning : warnings) spdlog::warn("{}: {}", app.app, warning);
  if (!problems.empty()) throw Error(Kind::invalid, join(problems, "; "), app.app);
}

}  // namespace labctl::agent
