#include "agent/event_queue.hpp"

#include "base/atomic_file.hpp"
#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/unique_fd.hpp"
#include "contract/names.hpp"
#include "http/client.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

namespace labctl::agent {
namespace {

using Json = nlohmann::json;

constexpr std::size_t digits = 12;
constexpr const char* waiting = ".json";
constexpr const char* begun = ".begun";

// Returns one path segment for any app name.
std::string as_file_name(const std::string& app) {
  const std::string name = http::escape(app);
  return name.size() <= 200 ? name : contract::md5_hex(app);
}

bool concerns(const QueuedEvent& task, const std::string& app) {
  return std::find(task.apps.begin(), task.apps.end(), app) != task.apps.end();
}

const QueuedEvent* first(const std::vector<QueuedEvent>& tasks, const std::string& app) {
  const auto found =
      std::find_if(tasks.begin(), tasks.end(), [&](const QueuedEvent& task) { return concerns(task, app); });
  return found == tasks.end() ? nullptr : &*found;
}

// Names of waiting events, sorted.
std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const auto file = entry.path().filename();
    const std::string name = file.stem().string();
    const bool numbered =
        name.size() > digits + 1 && name[digits] == '-' && name.find_first_not_of("0123456789") == digits;
    if (file.extension() == waiting && numbered) names.push_back(name);
  }
  if (code && code != std::errc::no_such_file_or_directory)
    throw Error(Kind::system, code.message(), folder.string());
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<QueuedEvent> read_task(const std::filesystem::path& folder, const std::string& name) {
  std::string text;
  try {
    text = read_file(folder / (name + waiting));
  } catch (const Error&) {
    return std::nullopt;  // the event has just ended
  }
  QueuedEvent task{.name = name, .apps = {}, .event = {}};
  try {
    const Json json = Json::parse(text);
    json.at("apps").get_to(task.apps);
    json.at("id").get_to(task.event.id);
    json.at("name").get_to(task.event.name);
    if (!json.at("payload").is_null()) task.event.payload = json.at("payload");
  } catch (const Json::exception& error) {
    // From another version, or corrupt: it must not block the other events.
    spdlog::warn("{} is no event: {}", (folder / (name + waiting)).string(), error.what());
    return std::nullopt;
  }
  task.begun = std::filesystem::exists(folder / (name + begun));
  return task;
}

}  // namespace

EventQueue::EventQueue(std::filesystem::path folder) : folder_(std::move(folder)) {
  std::filesystem::create_directories(folder_);
}

void EventQueue::add(const std::vector<std::string>& apps, const contract::UserEvent& event) const {
  unsigned long long number = 1;
  for (const auto& name : names_in(folder_)) {
    if (name.substr(digits + 1) == event.id) return;
    number = std::stoull(name.substr(0, digits)) + 1;
  }
  Json json{{"apps", apps}, {"id", event.id}, {"name", event.name}, {"payload", nullptr}};
  if (event.payload) json["payload"] = *event.payload;
  write_durably(folder_ / fmt::format("{:0{}}-{}{}", number, digits, event.id, waiting),
                json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// Returns every event that exists during the whole scan; one that is added or removed meanwhile may be
// missing or included. That is safe: the process that adds or ends an event then starts the workers of its
// apps, so the queue is read again.
std::vector<QueuedEvent> EventQueue::tasks() const {
  std::vector<QueuedEvent> all;
  for (const auto& name : names_in(folder_)) {
    if (auto task = read_task(folder_, name)) all.push_back(std::move(*task));
  }
  return all;
}

std::vector<std::string> EventQueue::apps() const {
  std::set<std::string> names;
  for (const auto& task : tasks()) names.insert(task.apps.begin(), task.apps.end());
  return {names.begin(), names.end()};
}

std::optional<QueuedEvent> EventQueue::next(const std::string& app) const {
  const auto all = tasks();
  const QueuedEvent* own = first(all, app);
  if (own == nullptr || own->apps.front() != app) return std::nullopt;
  for (const auto& other : own->apps) {
    if (first(all, other) != own) return std::nullopt;
  }
  return *own;
}

std::optional<std::string> EventQueue::waits_for(const std::string& app) const {
  const auto all = tasks();
  const QueuedEvent* own = first(all, app);
  if (own == nullptr || own->apps.front() == app) return std::nullopt;
  return own->apps.front();
}

void EventQueue::begin(const QueuedEvent& task) const {
  const auto path = folder_ / (task.name + begun);
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!fd) throw system_error("cannot write", path.string());
  // The mark must be on disk: after a power cut, an event without the mark would be begun again.
  sync_folder(folder_);
}

// The order matters: an event that has lost its mark but still has its file would be begun again.
void EventQueue::finish(const QueuedEvent& task) const {
  std::error_code code;
  std::filesystem::remove(folder_ / (task.name + waiting), code);
  if (code) throw Error(Kind::system, code.message(), task.name);
  std::filesystem::remove(folder_ / (task.name + begun), code);
}

std::optional<FileLock> EventQueue::try_lock(const std::string& app) const {
  return FileLock::try_take(folder_ / ("lock-" + as_file_name(app)));
}

}  // namespace labctl::agent
