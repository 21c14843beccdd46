#include "doctor/probes/caddy.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/probes/caddy_routes.hpp"
#include "doctor/probes/process_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace labctl::doctor {
namespace {

using nlohmann::json;
using Keys = std::vector<std::string>;

constexpr const char* folder_in_caddy = "/etc/caddy/";

// Caddy 1 answers so for a host or path of which it has no site (caddyhttp/httpserver, server.go; "No such
// site" until 0.10). HEAD comes first: an app answers it with less work than GET.
constexpr const char* caddy1_script = R"(
import http.client, json, sys, time

def ask(method, host, path):
    caddy = http.client.HTTPConnection(sys.argv[1], 80, timeout=2)
    try:
        caddy.request(method, path, headers={"Host": host})
        answer = caddy.getresponse()
        return answer.status, answer.getheader("Server"), answer.read(200).decode("utf-8", "replace")
    finally:
        caddy.close()

def is_unknown(host, path):
    status, server, _ = ask("HEAD", host, path)
    if status != 404 or server != "Caddy":
        return False
    status, _, text = ask("GET", host, path)
    return status == 404 and (text.startswith("404 Site " + host + " is not served") or
                              text.startswith("No such site at "))

unknown = []
end = time.time() + 4
for number, (host, path) in enumerate(json.loads(sys.argv[2])):
    try:
        if time.time() < end and is_unknown(host, path):
            unknown.append(number)
    except (OSError, http.client.HTTPException):
        pass
print(json.dumps(unknown))
)";

// nullopt if the container has no such program.
std::optional<docker::ExecResult> try_program(docker::Client& docker, const std::string& container,
                                              const std::vector<std::string>& argv, Deadline deadline) {
  try {
    return docker.exec(container, argv, deadline);
  } catch (const Error& error) {
    if (error.kind() == Kind::interrupted) throw;
    return std::nullopt;
  }
}

json json_from(const std::optional<docker::ExecResult>& result) {
  return json::parse(result && result->ok() ? result->out : "", nullptr, false);
}

std::optional<json> running_configuration(docker::Client& docker, const std::string& container,
                                          Deadline deadline) {
  const std::string url = "http://localhost:2019/config/";
  const std::vector<std::vector<std::string>> programs = {
      {"curl", "-sf", "--noproxy", "*", "--max-time", "3", url},
      {"env", "-u", "http_proxy", "wget", "-q", "-T", "3", "-O", "-", url}};
  for (const auto& program : programs) {
    auto configuration = json_from(try_program(docker, container, program, deadline));
    if (configuration.is_object()) return configuration;
  }
  return std::nullopt;
}

// Placeholders of the environment may have another value in a program that we start.
bool depends_on_environment(const RenderedFile& file) { return file.text.find("{$") != std::string::npos; }

// The file that Caddy reads, as the Consul container sees it; nullptr if it is not there.
const RenderedFile* file_of(const CaddyCommand& command, const NodeReport& report) {
  if (!command.file.starts_with(folder_in_caddy)) return nullptr;
  const auto file = report.caddyfiles.find(command.file.substr(std::string(folder_in_caddy).size()));
  return file == report.caddyfiles.end() ? nullptr : &file->second;
}

std::string difference_from_file(docker::Client& docker, const std::string& container,
                                 const CaddyCommand& command, const json& running, Deadline deadline) {
  std::vector<std::string> argv{"caddy", "adapt", "--config", command.file};
  if (!command.adapter.empty()) argv.insert(argv.end(), {"--adapter", command.adapter});
  const auto adapted = try_program(docker, container, argv, deadline);
  const auto of_file = json_from(adapted);
  if (of_file.is_object()) return caddy_difference(running, of_file);
  if (!adapted || adapted->err.find(command.file) == std::string::npos) return "";
  return "it cannot read that file: " + last_line(adapted->err);
}

Keys keys_unknown_to_caddy1(docker::Client& docker, const inventory::Conventions& conventions,
                            const Keys& keys, Deadline deadline) {
  const auto container = docker.container(conventions.caddy_container, deadline);
  if (!container) return {};
  std::string address;
  for (const auto& [network, its_address] : container->networks) {
    if (address.empty()) address = network == "host" ? "127.0.0.1" : its_address;
  }
  json questions = json::array();
  Keys asked;
  for (const auto& key : keys) {
    const auto site = caddy_address(key);
    // With https, whether port 80 knows the host depends on how the certificate is made.
    if (site.scheme != "http" || site.port != "80" || site.host.find_first_of("*{") != std::string::npos)
      continue;
    questions.push_back({site.host, site.path.empty() ? "/" : site.path});
    asked.push_back(key);
  }
  if (address.empty() || asked.empty()) return {};
  const auto numbers = json_from(
      try_program(docker, conventions.consul_container,
                  {"python3", "-I", "-S", "-c", caddy1_script, address, questions.dump()}, deadline));
  Keys unknown;
  for (const auto& number : numbers) {
    if (number.is_number_unsigned() && number.get<std::size_t>() < asked.size())
      unknown.push_back(asked[number.get<std::size_t>()]);
  }
  return unknown;
}

// The value of an option in one of the forms "--config FILE" and "--config=FILE".
std::string option_of(const std::vector<std::string>& words, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const auto& name : names) {
      if (words[i] == name && i + 1 < words.size()) return words[i + 1];
      if (words[i].starts_with(name + "=")) return words[i].substr(name.size() + 1);
    }
  }
  return "";
}

}  // namespace

std::optional<CaddyCommand> caddy_command(const std::vector<std::string>& titles,
                                          const std::vector<std::vector<std::string>>& processes) {
  const auto column = column_of(titles, "COMMAND");
  if (!column) return std::nullopt;
  for (const auto& process : processes) {
    if (process.size() <= *column) continue;
    auto words = split(process[*column], ' ');
    std::erase(words, "");
    if (words.empty() || words[0].substr(words[0].rfind('/') + 1) != "caddy") continue;
    if (words.size() < 2 || words[1] != "run")
      return CaddyCommand{1, option_of(words, {"-conf", "--conf"}), ""};
    CaddyCommand command{2, option_of(words, {"--config", "-config", "-c"}),
                         option_of(words, {"--adapter", "-adapter", "-a"})};
    // It then runs with what it saved itself.
    if (std::find_if(words.begin(), words.end(), [](const auto& word) {
          return word.starts_with("--resume") || word.starts_with("-resume") || word == "-r";
        }) != words.end())
      command.file.clear();
    return command;
  }
  return std::nullopt;
}

Keys keys_without_site(std::string_view caddyfile, const Keys& keys) {
  std::set<std::string> words;
  for (const auto& line : lines(caddyfile)) {
    for (auto& word : split(replace_all(replace_all(line, ",", " "), "\t", " "), ' '))
      words.insert(std::move(word));
  }
  Keys missing;
  for (const auto& key : keys) {
    if (!words.contains(key)) missing.push_back(key);
  }
  return missing;
}

CaddySeen look_at_caddy(docker::Engine& engine, docker::Client& docker,
                        const inventory::Conventions& conventions, const Keys& keys, const NodeReport& report,
                        Deadline deadline) {
  CaddySeen seen;
  const auto& container = conventions.caddy_container;
  const auto table = processes_of(engine, container, "args", deadline);
  const auto command = caddy_command(table.titles, table.processes);
  if (!command) return seen;
  const auto* file = file_of(*command, report);
  const auto rendered = report.caddyfiles.find(rendered_caddyfile);
  if (rendered != report.caddyfiles.end()) seen.file_age = rendered->second.age;
  if (file != nullptr) seen.file_age = std::min(seen.file_age.value_or(file->age), file->age);
  if (command->version == 1) {
    seen.keys_not_served = keys_unknown_to_caddy1(docker, conventions, keys, deadline);
    return seen;
  }
  const auto running = running_configuration(docker, container, deadline);
  if (!running) return seen;
  seen.keys_not_served = keys_without_route(*running, keys);
  if (file != nullptr && !depends_on_environment(*file))
    seen.differs = difference_from_file(docker, container, *command, *running, deadline);
  return seen;
}

}  // namespace labctl::doctor
