#pragma once

#include "base/base64.hpp"
#include "cluster/cluster.hpp"
#include "support/fake_server.hpp"
#include "support/tar.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace labctl::cluster::test {

using labctl::test::FakeConnection;
using labctl::test::FakeRequest;
using labctl::test::FakeServer;
using nlohmann::json;

// Keys with blocking reads, and user events, as Consul serves them.
class FakeConsul {
public:
  std::function<void(const std::string& name, const std::string& payload, const std::string& id)> on_event;
  // Called before on_event: delivers the event to the nodes whose names the filter matches, "" for all.
  std::function<void(const std::string& id, const std::string& filter)> deliver;

  // Catalog: service -> nodes.
  std::map<std::string, std::vector<std::string>> services;

  bool has(const std::string& key) {
    const std::lock_guard lock(mutex_);
    return values_.contains(key);
  }
  void put(const std::string& key, const std::string& value) { change(key, value); }
  void remove(const std::string& key) { change(key, std::nullopt); }
  // From now on every request is answered with status 500.
  void lose_leader() {
    const std::lock_guard lock(mutex_);
    leaderless_ = true;
    refused_ = 0;
    changed_.notify_all();
  }
  void elect_leader() {
    const std::lock_guard lock(mutex_);
    leaderless_ = false;
    changed_.notify_all();
  }
  // Returns when this many requests have been refused since the leader was lost.
  void await_refused(int requests) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return refused_ >= requests || ending_; });
  }
  ~FakeConsul() {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }

  const Endpoint& address() const { return server_.address(); }

private:
  struct Value {
    std::string text;
    int index;
  };

  void change(const std::string& key, const std::optional<std::string>& value) {
    const std::lock_guard lock(mutex_);
    ++index_;
    if (value) {
      values_[key] = {*value, index_};
    } else {
      values_.erase(key);
    }
    changed_.notify_all();
  }

  json catalog(const std::string& path) const {
    if (path == "/v1/catalog/services") {
      auto all = json::object();
      for (const auto& [name, nodes] : services) all[name] = json::array();
      return all;
    }
    auto entries = json::array();
    const auto name = path.substr(path.rfind('/') + 1);
    if (const auto found = services.find(name); found != services.end()) {
      for (const auto& node : found->second)
        entries.push_back({{"Node", node}, {"ServiceID", name}, {"ServiceName", name}});
    }
    return entries;
  }

  void recurse(const std::string& method, const std::string& prefix, const FakeConnection& connection) {
    const auto below = [&](const auto& entry) { return entry.first.starts_with(prefix); };
    if (method == "DELETE") {
      std::erase_if(values_, below);
      connection.reply(200, "true");
      return;
    }
    auto entries = json::array();
    for (const auto& [key, value] : values_) {
      if (key.starts_with(prefix))
        entries.push_back({{"Key", key}, {"Value", encode_base64(value.text)}, {"ModifyIndex", value.index}});
    }
    connection.reply(entries.empty() ? 404 : 200, entries.empty() ? "" : entries.dump());
  }

  void refuse(const FakeConnection& connection) {
    ++refused_;
    changed_.notify_all();
    connection.reply(500, "No cluster leader");
  }

  bool answer(const FakeRequest& request, const FakeConnection& connection) {
    std::unique_lock lock(mutex_);
    if (leaderless_) {
      refuse(connection);
      return true;
    }
    if (request.target.starts_with("/v1/event/fire/")) {
      const auto id = fmt::format("00000000-0000-0000-0000-{:012}", ++events_);
      lock.unlock();
      const auto name = request.target.substr(15, request.target.find('?') - 15);
      const auto filter = request.target.find("?node=");
      deliver(id, filter == std::string::npos ? "" : request.target.substr(filter + 6));
      if (on_event) on_event(name, request.body, id);
      connection.reply(200, json{{"ID", id}}.dump());
      return true;
    }
    if (request.target == "/v1/status/leader") {
      connection.reply(200, R"("127.0.0.1:8300")");
      return true;
    }
    const auto path = request.target.substr(0, request.target.find('?'));
    if (path.starts_with("/v1/catalog/")) {
      connection.reply(200, catalog(path).dump(), fmt::format("X-Consul-Index: {}\r\n", index_));
      return true;
    }
    const auto key = path.substr(path.find("/v1/kv/") + 7);
    if (request.target.find("recurse") != std::string::npos) {
      recurse(request.method, key, connection);
      return true;
    }
    if (request.method == "DELETE") {
      ++index_;
      values_.erase(key);
      changed_.notify_all();
      connection.reply(200, "true");
      return true;
    }
    if (const auto at = request.target.find("index="); at != std::string::npos) {
      const int since = std::stoi(request.target.substr(at + 6));
      changed_.wait(lock, [&] { return index_ > since || ending_ || leaderless_; });
    }
    const auto index = fmt::format("X-Consul-Index: {}\r\n", index_);
    const auto found = values_.find(key);
    if (leaderless_) {
      refuse(connection);
    } else if (found == values_.end()) {
      connection.reply(404, "", index);
    } else {
      const json entry{
          {"Key", key}, {"Value", encode_base64(found->second.text)}, {"ModifyIndex", found->second.index}};
      connection.reply(200, json::array({entry}).dump(), index);
    }
    return !ending_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, Value> values_;
  int index_ = 1;
  int events_ = 0;
  bool leaderless_ = false;
  int refused_ = 0;
  bool ending_ = false;
  FakeServer server_{[this](const FakeRequest& request, const FakeConnection& connection) {
    return answer(request, connection);
  }};
};

// An engine whose Consul container has logs of the handler to follow. Any other command prints the result of
// `run`, or a look, and exits with `exit_code`.
class FakeDocker {
public:
  explicit FakeDocker(const std::string& socket)
      : server_([this](const FakeRequest& request,
                       const FakeConnection& connection) { return answer(request, connection); },
                socket) {}
  ~FakeDocker() {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }

  using Argv = std::vector<std::string>;

  int exit_code = 0;
  std::function<std::string(const Argv& argv)> run;
  // The engine's objects, by name; a DELETE removes one, unless `stuck` names it.
  std::set<std::string> containers, volumes, networks, images, stuck;
  std::map<std::string, std::string> mounts;  // container -> volume
  std::map<std::string, std::string> files;   // path -> content, in every container
  // What a look at the node sees.
  std::set<std::string> snapshots, clones;
  std::string plugin_trouble;
  int looks = 0;
  std::function<void()> on_removal;  // between a removal's look and the removal itself

  void log(const std::string& line) { append("handler.log", line); }
  // The handler accepts an event.
  void take(const std::string& id) { append("events.log", id); }
  // Returns when there have been this many looks.
  void await_looks(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return looks >= count || ending_; });
  }
  void receive(const std::string& snapshot) {
    const std::lock_guard lock(mutex_);
    snapshots.insert(snapshot);
  }
  // The next removals leave snapshots, because they are still being sent.
  void replicate(int removals) {
    const std::lock_guard lock(mutex_);
    replications_ = removals;
  }
  // Ends the streams of all clients that follow a log.
  void cut() {
    const std::lock_guard lock(mutex_);
    ++cuts_;
    changed_.notify_all();
  }
  int runs(const std::string& program) {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count_if(execs_.begin(), execs_.end(),
                                          [&](const auto& one) { return one.second.front() == program; }));
  }

private:
  void append(const std::string& file, const std::string& line) {
    const std::lock_guard lock(mutex_);
    files_[file].push_back(line);
    changed_.notify_all();
  }

  static std::string frame(const std::string& text) {
    std::string head("\1\0\0\0", 4);
    for (const int shift : {24, 16, 8, 0}) head += static_cast<char>(text.size() >> shift);
    return head + text;
  }

  bool answer(const FakeRequest& request, const FakeConnection& connection) {
    if (request.target.find("/archive?path=") != std::string::npos) {
      send_file(request.target.substr(request.target.find('=') + 1), connection);
    } else if (const auto list = engine_list(request)) {
      connection.reply(200, list->dump());
    } else if (request.target.find("/events") != std::string::npos) {
      connection.write("HTTP/1.1 200 OK\r\n\r\n");
      connection.wait_closed();
      return false;
    } else if (request.target.ends_with("/exec")) {
      const auto argv = json::parse(request.body).at("Cmd").get<Argv>();
      const std::lock_guard lock(mutex_);
      const auto id = fmt::format("{}", execs_.size() + 1);
      execs_[id] = argv;
      if (argv.front() == "kill") killed_.insert(argv.back());
      changed_.notify_all();
      connection.reply(201, json{{"Id", id}}.dump());
    } else if (const auto at = request.target.find("/exec/"); request.target.ends_with("/start")) {
      const auto id = request.target.substr(at + 6, request.target.rfind('/') - at - 6);
      const auto argv = command(id);
      if (argv.front() == "sh") {
        follow(connection, id, argv);
        return false;
      }
      if (argv.front() == "python3") {
        look_out(connection, argv);
        return false;
      }
      connection.write("HTTP/1.1 200 OK\r\n\r\n" + frame(output(argv)));
      return false;
    } else {
      connection.reply(200, json{{"Running", false}, {"ExitCode", exit_code}}.dump());
    }
    return true;
  }

  void send_file(const std::string& escaped, const FakeConnection& connection) {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(files.begin(), files.end(),
                                    [&](const auto& file) { return http::escape(file.first) == escaped; });
    if (found == files.end()) {
      connection.reply(404, R"({"message":"no such file"})");
    } else {
      connection.reply(200, labctl::test::tar_entry("file", '0', found->second) + labctl::test::tar_end);
    }
  }

  // Answers lists, single containers and removals; nullopt for any other request.
  std::optional<json> engine_list(const FakeRequest& request) {
    const auto target = request.target.substr(0, request.target.find('?'));
    const auto name = target.substr(target.rfind('/') + 1);
    const std::lock_guard lock(mutex_);
    if (request.method == "DELETE") {
      for (auto* sort : {&containers, &volumes, &networks, &images}) {
        if (!stuck.contains(name)) sort->erase(name);
      }
      return json::object();
    }
    auto all = json::array();
    if (target.ends_with("/containers/json")) {
      for (const auto& one : containers) all.push_back({{"Id", one}, {"Names", {"/" + one}}});
      return all;
    }
    if (target.ends_with("/volumes")) {
      for (const auto& one : volumes) all.push_back({{"Name", one}, {"Driver", "local"}});
      return json{{"Volumes", all}};
    }
    if (target.ends_with("/networks")) {
      for (const auto& one : networks) all.push_back({{"Name", one}});
      return all;
    }
    if (target.ends_with("/images/json")) {
      for (const auto& one : images) all.push_back({{"Id", "sha256:" + one}, {"RepoTags", {one}}});
      return all;
    }
    if (target.find("/containers/") != std::string::npos && name == "json") {
      const auto path = target.substr(0, target.rfind('/'));
      const auto container = path.substr(path.rfind('/') + 1);
      auto mounted = json::array();
      if (const auto found = mounts.find(container); found != mounts.end())
        mounted.push_back({{"Type", "volume"}, {"Name", found->second}});
      return json{{"Id", "1"},
                  {"Name", "/" + container},
                  {"Config", {{"Image", "i"}}},
                  {"State", {{"Status", "running"}}},
                  {"NetworkSettings", {{"Networks", json::object()}}},
                  {"Mounts", mounted}};
    }
    return std::nullopt;
  }

  // Does what src/cluster/node_script.py does.
  std::string look_inside(const json& request) {
    std::unique_lock lock(mutex_);
    if (request.contains("read")) {
      auto texts = json::array();
      for (const std::string path : request.at("read"))
        texts.push_back(files.contains(path) ? json(files.at(path)) : json());
      return json{{"files", {{"value", texts}}}}.dump();
    }
    ++looks;
    changed_.notify_all();
    const auto mine = [&](const json& prefixes) {
      return [prefixes](const std::string& name) {
        return prefixes.is_null() || std::any_of(prefixes.begin(), prefixes.end(), [&](const auto& prefix) {
                 return name.starts_with(prefix.template get<std::string>());
               });
      };
    };
    const auto my_snapshot = mine(json::array({request.at("volumes")}));
    const auto my_clone = mine(request.at("clones"));
    const auto look = [&] {
      auto seen = json{{"schedules", {{"value", json::array()}}},
                       {"snapshots", {{"value", json::array()}}},
                       {"clones", {{"value", json::array()}}}};
      for (const auto& one : snapshots) {
        if (my_snapshot(one)) seen["snapshots"]["value"].push_back(one);
      }
      for (const auto& one : clones) {
        if (my_clone(one)) seen["clones"]["value"].push_back({{"name", one}});
      }
      if (!plugin_trouble.empty()) seen["snapshots"] = {{"error", plugin_trouble}};
      return seen;
    };
    json report{{"seen", look()}};
    if (request.contains("remove")) {
      if (on_removal) {
        lock.unlock();
        on_removal();
        lock.lock();
      }
      if (replications_ == 0) {
        std::erase_if(snapshots, my_snapshot);
      } else {
        --replications_;
      }
      std::erase_if(clones, my_clone);
      report["troubles"] = json::array();
    }
    return report.dump();
  }

  std::string output(const Argv& argv) { return run ? run(argv) : ""; }

  // Answers each line with one line; if `run` is set, prints its result once and ends.
  void look_out(const FakeConnection& connection, const Argv& argv) {
    connection.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    for (auto line = connection.read_line(); !line.empty(); line = connection.read_line()) {
      if (run) {
        connection.write(frame(run(argv)));
        return;
      }
      connection.write(frame(look_inside(json::parse(line)) + "\n"));
    }
  }

  Argv command(const std::string& id) {
    const std::lock_guard lock(mutex_);
    return execs_.at(id);
  }

  // A follower ends when it is killed, as the real one does, or when its connection is cut. It begins at the
  // byte offset in its last argument, or at the end.
  void follow(const FakeConnection& connection, const std::string& pid, const Argv& argv) {
    std::unique_lock lock(mutex_);
    const auto& path = argv.at(4);
    const auto& log = files_[path.substr(path.rfind('/') + 1)];
    std::size_t next = 0, bytes = 0;
    const bool resumed = !argv.back().empty();
    while (next < log.size() && (!resumed || bytes < std::stoul(argv.back())))
      bytes += log[next++].size() + 1;
    connection.write("HTTP/1.1 200 OK\r\n\r\n" + frame(fmt::format("{} {}\n", pid, bytes)));
    const int cuts_before = cuts_;
    while (true) {
      changed_.wait(
          lock, [&] { return next < log.size() || ending_ || killed_.contains(pid) || cuts_ > cuts_before; });
      if (next == log.size() || cuts_ > cuts_before) return;
      connection.write(frame(log[next++] + "\n"));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::vector<std::string>> files_;  // logs that handlers append to, by name
  std::map<std::string, Argv> execs_;
  std::set<std::string> killed_;  // pids; the pid of a follower is the id of its exec
  int cuts_ = 0;
  int replications_ = 0;
  bool ending_ = false;
  FakeServer server_;
};

// Two nodes with handlers that the test controls.
struct FakeCluster {
  labctl::test::TempDir dir;
  FakeConsul consul;
  FakeDocker core1{dir / "core1.sock"};
  FakeDocker core2{dir / "core2.sock"};
  Cluster cluster{inventory()};

  FakeCluster() {
    consul.deliver = [this](const std::string& id, const std::string& filter) { take(id, filter); };
  }

  // The handlers accept the event on every node that the filter names, "" for all.
  void take(const std::string& id, const std::string& filter) {
    for (auto* node : {&core1, &core2}) {
      if (filter.empty() || filter.find(node == &core1 ? "core1" : "core2") != std::string::npos)
        node->take(id);
    }
  }

  inventory::Inventory inventory() {
    inventory::Inventory made;
    made.forwards.push_back({"consul",
                             {"core1"},
                             {"127.0.0.1", consul.address().port, ""},
                             {},
                             inventory::Forward::Kind::consul});
    for (const std::string name : {"core1", "core2"}) {
      inventory::Node node;
      node.name = name;
      node.address = "127.0.0.1";
      made.nodes.push_back(node);
      made.forwards.push_back({"docker_" + name,
                               {name},
                               Endpoint::unix_socket(dir / (name + ".sock")),
                               {},
                               inventory::Forward::Kind::docker});
    }
    return made;
  }

  // An app of this name, which core2's handler removes at the next destroy event, with a line in its log.
  void have_until_destroyed(const std::string& app) {
    consul.put(contract::app_key(app), "{}");
    consul.on_event = [this, app](const std::string& name, const std::string&, const std::string&) {
      if (name == "destroy") {
        core2.log("2026-11-22\tINFO\t" + app + ": stopped");
        consul.remove(contract::app_key(app));
      }
      log_unknown(name);
    };
  }

  // Handlers on both nodes that log every event with an unknown name.
  void log_unknown(const std::string& name) {
    if (name == "deploy" || name == "destroy" || name == "migrate") return;
    core1.log("2026-11-22\tERROR\tUnknown event name: " + name);
    core2.log("2026-11-22\tERROR\tUnknown event name: " + name);
  }
};

}  // namespace labctl::cluster::test
