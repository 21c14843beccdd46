#include "agent/buttervolume.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace labctl::agent {
namespace {

using Json = nlohmann::json;
using namespace std::chrono_literals;

Json parsed(const http::Response& response, const std::string& operation) {
  const Json json = Json::parse(response.body, nullptr, false);
  if (response.status != 200 || !json.is_object()) {
    throw Error(Kind::unavailable,
                operation + " answered status " + std::to_string(response.status) + ": " +
                    response.body.substr(0, 200),
                "volume plugin");
  }
  std::string error = trim(json.value("Err", ""));
  std::replace(error.begin(), error.end(), '\n', ' ');
  if (!error.empty()) throw Error(Kind::unavailable, operation + ": " + error, "volume plugin");
  return json;
}

// The number that the text begins with, 0 if there is none.
int number_of(const std::string& text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string text(const Json& json, const char* field) {
  const auto found = json.find(field);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

Buttervolume::Buttervolume(const Settings& settings) : settings_(settings) {}

// The socket of a managed plugin is in a folder named after its id, that of a legacy plugin directly in the
// plugin folder.
http::Client& Buttervolume::client() {
  if (client_) return *client_;
  std::string socket = settings_.plugin_folder + "/btrfs.sock";
  http::Client docker(Endpoint::unix_socket(settings_.docker_socket));
  const auto response = docker.send(
      {.method = "GET", .target = "/plugins/" + settings_.driver + "/json", .headers = {}, .body = {}},
      Deadline::in(30s));
  if (response.status == 200) {
    const Json json = Json::parse(response.body, nullptr, false);
    const std::string id = json.is_object() ? text(json, "Id") : "";
    if (!id.empty()) socket = settings_.plugin_folder + "/" + id + "/btrfs.sock";
  }
  client_.emplace(Endpoint::unix_socket(socket));
  return *client_;
}

// The plugin reads, changes and writes its list of schedules without a lock: of two parallel changes, one
// would be lost. So every caller takes this lock first; labctl's removals lock the same file.
FileLock Buttervolume::take_turn() const { return FileLock::take(settings_.deploy / "schedules.lock"); }

std::string Buttervolume::call(const std::string& operation, const std::string& body, Deadline deadline) {
  const auto response = client().send({.method = body.empty() ? "GET" : "POST",
                                       .target = "/VolumeDriver." + operation,
                                       .headers = {{"Content-Type", "application/json"}},
                                       .body = body},
                                      deadline);
  return parsed(response, operation).dump();
}

std::string Buttervolume::snapshot(const std::string& volume) {
  const auto reply = call("Snapshot", Json{{"Name", volume}}.dump(), Deadline::in(5min));
  const std::string name = text(Json::parse(reply), "Snapshot");
  if (name.empty()) throw Error(Kind::unavailable, "Snapshot of " + volume + " has no name", "volume plugin");
  return name;
}

void Buttervolume::send(const std::string& host, const std::string& snapshot) {
  call("Snapshot.Send", Json{{"Name", snapshot}, {"Host", host}}.dump(), Deadline::in(12h));
}

std::string Buttervolume::restore(const std::string& source, const std::string& target) {
  const std::string into = target.empty() ? source.substr(0, source.find('@')) : target;
  const auto reply =
      call("Snapshot.Restore", Json{{"Name", source}, {"Target", into}}.dump(), Deadline::in(10min));
  return text(Json::parse(reply), "VolumeBackup");
}

std::vector<std::string> Buttervolume::snapshots(const std::string& volume) {
  const Json json = Json::parse(call("Snapshot.List/" + volume, "", Deadline::in(1min)));
  std::vector<std::string> names;
  for (const auto& name : json.value("Snapshots", Json::array())) {
    // The plugin matches name prefixes, so "V" would also return "V2@...".
    if (name.is_string() && name.get_ref<const std::string&>().starts_with(volume + "@"))
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Buttervolume::schedule(const std::string& action, int minutes, const std::string& volume) {
  const auto turn = take_turn();
  call("Schedule", Json{{"Name", volume}, {"Action", action}, {"Timer", std::to_string(minutes)}}.dump(),
       Deadline::in(1min));
}

std::vector<Job> Buttervolume::scheduled() {
  const auto turn = take_turn();
  const Json json = Json::parse(call("Schedule.List", "", Deadline::in(1min)));
  std::vector<Job> jobs;
  for (const auto& job : json.value("Schedule", Json::array())) {
    if (!job.is_object()) continue;
    const Json timer = job.value("Timer", Json());
    const int minutes = timer.is_number() ? timer.get<int>() : number_of(text(job, "Timer"));
    jobs.push_back({text(job, "Action"), minutes, text(job, "Name")});
  }
  return jobs;
}

}  // namespace labctl::agent
