#pragma once

#include "base/deadline.hpp"
#include "http/client.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::docker {

struct Container {
  std::string id;
  std::string name;  // without the leading slash
  std::string image;
  std::string state;   // created, running, restarting, exited, ...
  std::string health;  // healthy, unhealthy, starting; "" without a health check
  int exit_code = 0;   // of its last exit; 128 + signal number if a signal ended it
  int restart_count = 0;
  std::map<std::string, std::string> networks;  // network name -> address in it
  std::vector<std::string> volumes;             // mounted volumes, including anonymous ones
  bool running() const { return state == "running"; }
};

struct Volume {
  std::string name;
  std::string driver;
  std::map<std::string, std::string> labels;
};

struct Image {
  std::string id;
  std::vector<std::string> names;  // "repository:tag"; empty if a newer build took its name
  bool from_registry = false;      // pulled or pushed; false: built, imported or loaded here
};

struct ExecResult {
  int status = 0;
  std::string out;
  std::string err;
  bool ok() const { return status == 0; }
};

struct EngineEvent {
  std::string type;    // container, volume, ...
  std::string action;  // start, die, health_status: healthy, ...
  std::string name;    // container or volume name
  std::map<std::string, std::string>
      attributes;  // as the engine gives them: name, image, exitCode, execID, ...
};

// The engine's event filter: {"container": {"web"}, "event": {"start", "die"}}; empty: every event.
using EventFilter = std::map<std::string, std::vector<std::string>>;

// Blocking client of one Docker Engine over its API (v1.41: Docker 20.10 and newer). One client, one thread.
// Error{unreachable} if there is no answer, Error{not_found} for a 404, Error{unavailable} for a 5xx, with
// Docker's message.
class Client {
public:
  explicit Client(http::Server server);
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  const http::Server& server() const;

  void ping(Deadline deadline);
  std::string version(Deadline deadline);  // of the engine, "20.10.24"
  // In any state; only names with this prefix ("" for all).
  std::vector<Container> containers(const std::string& name_prefix, Deadline deadline);
  std::optional<Container> container(const std::string& name, Deadline deadline);
  // Error{unavailable} if a volume driver did not answer the engine: the list would silently be incomplete.
  std::vector<Volume> volumes(const std::string& name_prefix, Deadline deadline);
  std::optional<Volume> volume(const std::string& name, Deadline deadline);
  std::vector<std::string> networks(const std::string& name_prefix, Deadline deadline);
  std::vector<Image> images(Deadline deadline);

  void start(const std::string& container, Deadline deadline);
  void stop(const std::string& container, Deadline deadline);
  void restart(const std::string& container, Deadline deadline);
  void kill(const std::string& container, const std::string& signal, Deadline deadline);
  // A missing object is not an error. If a container is already being removed, waits until it is gone.
  void remove_container(const std::string& name, Deadline deadline);  // by force, with anonymous volumes
  void remove_volume(const std::string& name, Deadline deadline);     // by force
  void remove_network(const std::string& name, Deadline deadline);
  void remove_image(const std::string& name, Deadline deadline);  // Error{conflict} while a container uses it

  // Runs argv in a running container; stdout and stderr are separate.
  ExecResult exec(const std::string& container, const std::vector<std::string>& argv, Deadline deadline,
                  const std::string& user = "");
  // Runs argv and calls `on_line` for each line of stdout as it arrives, until the command ends or `on_line`
  // returns false. stderr is not read. The command is not killed when we stop reading: the caller must limit
  // its lifetime.
  void exec_lines(const std::string& container, const std::vector<std::string>& argv,
                  const std::function<bool(std::string_view)>& on_line, Deadline deadline);
  // A file's bytes through the archive API; nullopt if it does not exist (status 404).
  std::optional<std::string> read_file(const std::string& container, const std::string& path,
                                       Deadline deadline);
  // Calls `on_line` for each line that a container has written since `since` and will write, until `on_line`
  // returns false or the container ends; false if the deadline comes first.
  bool follow_logs(const std::string& container, std::chrono::system_clock::time_point since,
                   const std::function<bool(std::string_view)>& on_line, Deadline deadline);
  // The last lines of a container: stdout, then stderr; of one with a TTY, as it wrote them to its terminal.
  std::string logs(const std::string& container, int tail_lines, Deadline deadline);

  // Calls `on_event` for events since `since` (unix seconds, 0: from now) until it returns true, and returns
  // true; false at the deadline. The callback may use this client. `on_open` is called after the
  // subscription; if it returns true, the watch ends too.
  bool watch(const std::function<bool(const EngineEvent&)>& on_event, Deadline deadline, long since = 0,
             const EventFilter& filter = {}, const std::function<bool()>& on_open = {});

  // Calls `done` after the subscription to events, and again after each event, until it returns true, and
  // returns true; false at the deadline. So no change is missed between the check and the wait.
  bool await(const std::function<bool()>& done, Deadline deadline, const EventFilter& filter = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace labctl::docker
