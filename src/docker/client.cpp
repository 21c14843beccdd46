#include "docker/client.hpp"

#include "base/error.hpp"
#include "docker/engine.hpp"
#include "docker/stream.hpp"
#include "docker/tar.hpp"
#include "http/wait_strategy.hpp"

#include <fmt/format.h>

#include <utility>

namespace labctl::docker {
namespace {

using nlohmann::json;

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

// {"a": "b"} as a map. The engine writes null for an empty one.
std::map<std::string, std::string> strings_of(const json& object, const char* key) {
  std::map<std::string, std::string> result;
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) return result;
  for (const auto& [name, value] : found->items()) {
    if (value.is_string()) result[name] = value.get<std::string>();
  }
  return result;
}

std::string without_slash(std::string name) {
  if (name.starts_with('/')) name.erase(0, 1);
  return name;
}

Container container_of(const json& object) {
  Container container;
  container.id = text_of(object, "Id");
  container.name = without_slash(text_of(object, "Name"));
  container.image = text_of(object.at("Config"), "Image");
  const auto& state = object.at("State");
  container.state = text_of(state, "Status");
  if (const auto health = state.find("Health"); health != state.end() && health->is_object()) {
    container.health = text_of(*health, "Status");
  }
  container.exit_code = state.value("ExitCode", 0);
  container.restart_count = object.value("RestartCount", 0);
  const auto& networks = object.at("NetworkSettings").at("Networks");
  if (networks.is_object()) {
    for (const auto& [name, network] : networks.items())
      container.networks[name] = text_of(network, "IPAddress");
  }
  if (const auto mounts = object.find("Mounts"); mounts != object.end() && mounts->is_array()) {
    for (const auto& mount : *mounts) {
      if (auto name = text_of(mount, "Name"); !name.empty()) container.volumes.push_back(std::move(name));
    }
  }
  return container;
}

Image image_of(const json& object) {
  // Without a tag or a digest, the engine reports null, or "<none>:<none>" or "<none>@<none>", depending on
  // its version.
  const auto texts = [&](const char* key) {
    std::vector<std::string> all;
    const auto found = object.find(key);
    if (found == object.end() || !found->is_array()) return all;
    for (const auto& one : *found) {
      auto text = one.get<std::string>();
      if (!text.starts_with("<none>")) all.push_back(std::move(text));
    }
    return all;
  };
  return {text_of(object, "Id"), texts("RepoTags"), !texts("RepoDigests").empty()};
}

Volume volume_of(const json& object) {
  return {text_of(object, "Name"), text_of(object, "Driver"), strings_of(object, "Labels")};
}

EngineEvent event_of(const json& object) {
  EngineEvent event;
  event.type = text_of(object, "Type");
  event.action = text_of(object, "Action");
  const auto actor = object.find("Actor");
  if (actor != object.end() && actor->is_object()) {
    event.attributes = strings_of(*actor, "Attributes");
    const auto name = event.attributes.find("name");
    event.name = name != event.attributes.end() ? name->second : text_of(*actor, "ID");
  }
  return event;
}

std::string container_path(const std::string& name, std::string_view rest = {}) {
  return "/containers/" + http::escape(name) + std::string(rest);
}

// Runs a conversion. Error{invalid} if the reply has an unexpected structure.
template <typename Convert>
auto shaped(const Engine& engine, Convert convert) {
  try {
    return convert();
  } catch (const json::exception& e) {
    throw Error(Kind::invalid, std::string("the reply has an unexpected structure: ") + e.what(),
                engine.server().display());
  }
}

}  // namespace

struct Client::Impl {
  explicit Impl(const http::Server& server) : engine(server) {}

  Engine engine;

  std::optional<Container> container(const std::string& name, Deadline deadline) {
    const auto response = engine.call("GET", container_path(name, "/json"), deadline, nullptr, true);
    if (response.status == 404) return std::nullopt;
    return shaped(engine, [&] { return container_of(engine.parse(response)); });
  }

  bool has_tty(const std::string& container, Deadline deadline) {
    const auto about = engine.get(container_path(container, "/json"), deadline);
    return shaped(engine, [&] { return about.at("Config").value("Tty", false); });
  }

  // Follows the event stream until a callback returns true or the deadline is reached.
  bool follow(const std::function<bool()>& on_open, const std::function<bool(const EngineEvent&)>& on_event,
              Deadline deadline, long since, const EventFilter& filter) {
    // A separate connection, so that callbacks can use the client, and can even follow events.
    Engine events(engine.server());
    std::string path = "/events?filters=" + http::escape(json(filter).dump());
    if (since > 0) path += "&since=" + std::to_string(since);
    bool done = false;
    LineSplitter splitter;
    const auto on_line = [&](std::string_view line) {
      const auto object = json::parse(line, nullptr, false);
      if (object.is_object()) done = on_event(event_of(object));
      return !done;
    };
    const auto sink = [&](std::string_view bytes) { return splitter.feed(bytes, on_line); };
    const auto head = [&] {
      done = on_open();
      return !done;
    };
    try {
      events.stream("GET", path, nullptr, sink, deadline, head);
    } catch (const Error& e) {
      // If the stream's deadline has passed, the result is false. A timeout in a callback is an error.
      if (e.kind() != Kind::timeout || !deadline.passed()) throw;
      return false;
    }
    if (!done) throw Error(Kind::unreachable, "the event stream ended", engine.server().display());
    return true;
  }

  // The output streams may end a moment before the engine knows the exit code.
  int exit_code(const std::string& container, const std::string& id, Deadline deadline) {
    std::optional<int> status;
    const auto ended = [&] {
      const auto exec = engine.get("/exec/" + id + "/json", deadline);
      const auto code = exec.find("ExitCode");
      if (!exec.value("Running", false) && code != exec.end() && code->is_number_integer()) {
        status = code->get<int>();
      }
      return status.has_value();
    };
    if (!ended() && !follow(ended, [&](const EngineEvent&) { return ended(); }, deadline, 0,
                            {{"type", {"container"}}, {"container", {container}}, {"event", {"exec_die"}}})) {
      throw Error(Kind::timeout, "Docker did not report the exit status of a command",
                  engine.server().display());
    }
    return *status;
  }
};

Client::Client(http::Server server) : impl_(std::make_unique<Impl>(server)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

const http::Server& Client::server() const { return impl_->engine.server(); }

void Client::ping(Deadline deadline) { impl_->engine.call("GET", "/_ping", deadline); }

std::string Client::version(Deadline deadline) { return text_of(impl_->engine.about(deadline), "Version"); }

std::vector<Container> Client::containers(const std::string& name_prefix, Deadline deadline) {
  auto& engine = impl_->engine;
  std::vector<Container> result;
  const auto all = engine.get("/containers/json?all=true", deadline);
  shaped(engine, [&] {
    for (const auto& item : all) {
      bool wanted = false;
      for (const auto& name : item.at("Names")) {
        wanted = wanted || without_slash(name.get<std::string>()).starts_with(name_prefix);
      }
      if (!wanted) continue;
      // Skips a container that was removed after the list was made.
      if (auto found = impl_->container(text_of(item, "Id"), deadline)) result.push_back(std::move(*found));
    }
    return 0;
  });
  return result;
}

std::optional<Container> Client::container(const std::string& name, Deadline deadline) {
  return impl_->container(name, deadline);
}

std::vector<Volume> Client::volumes(const std::string& name_prefix, Deadline deadline) {
  auto& engine = impl_->engine;
  const auto reply = engine.get("/volumes", deadline);
  return shaped(engine, [&] {
    const auto warnings = reply.find("Warnings");
    if (warnings != reply.end() && warnings->is_array() && !warnings->empty()) {
      throw Error(Kind::unavailable, "volumes cannot be listed: " + warnings->front().get<std::string>(),
                  engine.server().display());
    }
    std::vector<Volume> result;
    const auto& list = reply.at("Volumes");
    if (!list.is_array()) return result;  // null: no volumes
    for (const auto& item : list) {
      auto volume = volume_of(item);
      if (volume.name.starts_with(name_prefix)) result.push_back(std::move(volume));
    }
    return result;
  });
}

std::optional<Volume> Client::volume(const std::string& name, Deadline deadline) {
  auto& engine = impl_->engine;
  const auto response = engine.call("GET", "/volumes/" + http::escape(name), deadline, nullptr, true);
  if (response.status == 404) return std::nullopt;
  return shaped(engine, [&] { return volume_of(engine.parse(response)); });
}

std::vector<std::string> Client::networks(const std::string& name_prefix, Deadline deadline) {
  auto& engine = impl_->engine;
  const auto reply = engine.get("/networks", deadline);
  return shaped(engine, [&] {
    std::vector<std::string> result;
    for (const auto& item : reply) {
      auto name = text_of(item, "Name");
      if (name.starts_with(name_prefix)) result.push_back(std::move(name));
    }
    return result;
  });
}

std::vector<Image> Client::images(Deadline deadline) {
  auto& engine = impl_->engine;
  const auto reply = engine.get("/images/json", deadline);
  return shaped(engine, [&] {
    std::vector<Image> result;
    for (const auto& item : reply) result.push_back(image_of(item));
    return result;
  });
}

void Client::start(const std::string& container, Deadline deadline) {
  impl_->engine.call("POST", container_path(container, "/start"), deadline);
}

void Client::stop(const std::string& container, Deadline deadline) {
  impl_->engine.call("POST", container_path(container, "/stop"), deadline);
}

void Client::restart(const std::string& container, Deadline deadline) {
  impl_->engine.call("POST", container_path(container, "/restart"), deadline);
}

void Client::kill(const std::string& container, const std::string& signal, Deadline deadline) {
  impl_->engine.call("POST", container_path(container, "/kill?signal=" + http::escape(signal)), deadline);
}

void Client::remove_container(const std::string& name, Deadline deadline) {
  try {
    impl_->engine.call("DELETE", container_path(name, "?force=true&v=true"), deadline, nullptr, true);
  } catch (const Error& e) {
    if (e.kind() != Kind::conflict) throw;
    const auto gone = [&] { return !impl_->container(name, deadline); };
    if (!await(gone, deadline, {{"type", {"container"}}, {"event", {"destroy"}}})) throw;
  }
}

void Client::remove_volume(const std::string& name, Deadline deadline) {
  impl_->engine.call("DELETE", "/volumes/" + http::escape(name) + "?force=true", deadline, nullptr, true);
}

void Client::remove_network(const std::string& name, Deadline deadline) {
  impl_->engine.call("DELETE", "/networks/" + http::escape(name), deadline, nullptr, true);
}

void Client::remove_image(const std::string& name, Deadline deadline) {
  impl_->engine.call("DELETE", "/images/" + http::escape(name), deadline, nullptr, true);
}

ExecResult Client::exec(const std::string& container, const std::vector<std::string>& argv, Deadline deadline,
                        const std::string& user) {
  auto& engine = impl_->engine;
  json wish{{"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", argv}};
  if (!user.empty()) wish["User"] = user;
  const auto id = engine.make_exec(container, wish, deadline);

  Demultiplexer streams;
  const auto sink = [&](std::string_view bytes) {
    streams.feed(bytes);
    return true;
  };
  engine.stream("POST", "/exec/" + id + "/start", {{"Detach", false}, {"Tty", false}}, sink, deadline);
  if (!streams.complete()) {
    throw Error(Kind::unreachable, "the output of a command was cut off", engine.server().display());
  }
  const int status = shaped(engine, [&] { return impl_->exit_code(container, id, deadline); });
  return {status, std::move(streams.out), std::move(streams.err)};
}

void Client::exec_lines(const std::string& container, const std::vector<std::string>& argv,
                        const std::function<bool(std::string_view)>& on_line, Deadline deadline) {
  auto& engine = impl_->engine;
  const json wish{{"AttachStdout", true}, {"AttachStderr", false}, {"Cmd", argv}};
  const auto id = engine.make_exec(container, wish, deadline);
  Demultiplexer streams;
  LineSplitter splitter;
  const auto sink = [&](std::string_view bytes) {
    streams.feed(bytes);
    return splitter.feed(std::exchange(streams.out, {}), on_line);
  };
  engine.stream("POST", "/exec/" + id + "/start", {{"Detach", false}, {"Tty", false}}, sink, deadline);
}

std::optional<std::string> Client::read_file(const std::string& container, const std::string& path,
                                             Deadline deadline) {
  auto& engine = impl_->engine;
  const auto target = container_path(container, "/archive?path=" + http::escape(path));
  const auto response = engine.call("GET", target, deadline, nullptr, true);
  if (response.status == 404) {
    // A missing container has the same status, which does not mean that the file is missing.
    if (impl_->container(container, deadline)) return std::nullopt;
    throw Error(Kind::not_found, "no such container: " + container, engine.server().display());
  }
  auto entry = first_tar_entry(response.body);
  if (!entry) throw Error(Kind::invalid, "an empty archive for " + path, engine.server().display());
  if (entry->type == '2') {
    const auto& link = entry->link_target;
    const auto folder = path.substr(0, path.rfind('/') + 1);
    return read_file(container, link.starts_with('/') ? link : folder + link, deadline);
  }
  if (entry->type != '0')
    throw Error(Kind::invalid, path + " is not a regular file", engine.server().display());
  return std::move(entry->content);
}

bool Client::follow_logs(const std::string& container, std::chrono::system_clock::time_point since,
                         const std::function<bool(std::string_view)>& on_line, Deadline deadline) {
  using namespace std::chrono;
  const auto micros = duration_cast<microseconds>(since.time_since_epoch()).count();
  constexpr std::int64_t second = 1'000'000;
  const auto path = fmt::format("/logs?follow=true&stdout=true&stderr=true&since={}.{:06}", micros / second,
                                micros % second);
  try {
    LogLines lines(impl_->has_tty(container, deadline));
    const auto sink = [&](std::string_view bytes) { return lines.feed(bytes, on_line); };
    impl_->engine.stream("GET", container_path(container, path), nullptr, sink, deadline);
    return true;
  } catch (const Error& e) {
    if (e.kind() != Kind::timeout) throw;
    return false;
  }
}

std::string Client::logs(const std::string& container, int tail_lines, Deadline deadline) {
  const bool tty = impl_->has_tty(container, deadline);
  const auto response = impl_->engine.call(
      "GET", container_path(container, fmt::format("/logs?stdout=true&stderr=true&tail={}", tail_lines)),
      deadline);
  if (tty) return response.body;
  Demultiplexer streams;
  streams.feed(response.body);
  return streams.out + streams.err;
}

bool Client::watch(const std::function<bool(const EngineEvent&)>& on_event, Deadline deadline, long since,
                   const EventFilter& filter, const std::function<bool()>& on_open) {
  const auto opened = [&] { return on_open && on_open(); };
  if (const auto seen = http::wait_strategy().instead_of_stream(opened, deadline)) return *seen;
  return impl_->follow(opened, on_event, deadline, since, filter);
}

bool Client::await(const std::function<bool()>& done, Deadline deadline, const EventFilter& filter) {
  if (const auto seen = http::wait_strategy().instead_of_stream(done, deadline)) return *seen;
  return impl_->follow(
      done, [&](const EngineEvent&) { return done(); }, deadline, 0, filter);
}

}  // namespace labctl::docker
