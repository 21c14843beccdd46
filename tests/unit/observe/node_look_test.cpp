#include "observe/node_look.hpp"

#include "base/process.hpp"
#include "base/unique_fd.hpp"
#include "cluster/node_script.hpp"
#include "support/fake_server.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

using namespace labctl;
using namespace labctl::cluster;
using namespace labctl::contract;
using namespace labctl::observe;
using namespace std::chrono_literals;
using labctl::test::FakeConnection;
using labctl::test::FakeRequest;
using labctl::test::FakeServer;
using nlohmann::json;

namespace {

// The volume plugin's HTTP side: schedules by (volume, action), snapshots by name.
class FakePlugin {
public:
  explicit FakePlugin(const std::string& socket)
      : server_([this](const FakeRequest& request,
                       const FakeConnection& connection) { return answer(request, connection); },
                socket) {}

  struct State {
    std::map<std::pair<std::string, std::string>, std::string> schedules;
    std::set<std::string> snapshots;
    std::string err;          // of every reply
    bool lists_post = false;  // only a POST lists snapshots, as up to 3.10
  };

  void set(State state) {
    const std::lock_guard lock(mutex_);
    state_ = std::move(state);
  }
  State state() {
    const std::lock_guard lock(mutex_);
    return state_;
  }

private:
  bool answer(const FakeRequest& request, const FakeConnection& connection) {
    const std::lock_guard lock(mutex_);
    const auto body = request.body.empty() ? json::object() : json::parse(request.body);
    auto& [schedules, snapshots, err, lists_post] = state_;
    json reply{{"Err", err}};
    if (request.target == "/VolumeDriver.Schedule.List") {
      reply["Schedule"] = json::array();
      for (const auto& [key, timer] : schedules) {
        reply["Schedule"].push_back(
            {{"Name", key.first}, {"Action", key.second}, {"Timer", timer}, {"Active", "True"}});
      }
    } else if (request.target == "/VolumeDriver.Snapshot.List") {
      if (lists_post && request.method == "GET") {
        connection.reply(405, "Method not allowed.");
        return false;
      }
      reply["Snapshots"] = snapshots;
    } else if (request.target == "/VolumeDriver.Schedule") {
      if (body.at("Timer") == "0") schedules.erase({body.at("Name"), body.at("Action")});
    } else if (request.target == "/VolumeDriver.Snapshot.Remove") {
      snapshots.erase(body.at("Name").get<std::string>());
    }
    connection.reply(200, reply.dump());
    return false;
  }

  std::mutex mutex_;
  State state_;
  FakeServer server_;
};

// How many descriptors of all processes refer to this file.
int openers(const std::filesystem::path& file) {
  int count = 0;
  std::error_code gone;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    for (std::filesystem::directory_iterator it(process.path() / "fd", gone), end; !gone && it != end;
         it.increment(gone)) {
      std::error_code ignored;
      if (std::filesystem::equivalent(it->path(), file, ignored)) ++count;
    }
    gone.clear();
  }
  return count;
}

struct LookedAtNode {
  labctl::test::TempDir dir;
  std::filesystem::path deploy = std::filesystem::path(dir / "deploy");
  std::filesystem::path plugins = std::filesystem::path(dir / "plugins");
  std::optional<FakePlugin> plugin;

  LookedAtNode() {
    std::filesystem::create_directories(deploy);
    std::filesystem::create_directories(plugins / "4f2a");
  }

  void start_plugin(FakePlugin::State state = {}) {
    plugin.emplace((plugins / "4f2a" / "btrfs.sock").string());
    plugin->set(std::move(state));
  }

  void write(const std::string& path, const std::string& text) const {
    const auto file = deploy / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  json request() const {
    return {{"plugins", plugins.string()},
            {"deploy", deploy.string()},
            {"volumes", "p_"},
            {"clones", {"app.1-"}}};
  }
  json removal(int port = 1, int patience = 0) const {
    auto made = request();
    made["remove"] = {{"port", port}, {"patience", patience}};
    return made;
  }

  // The real program, run by a real Python.
  static Result run_script(const json& request) {
    return run({{"python3", "-I", "-S", "-c", std::string(node_script())}, request.dump() + "\n"},
               Deadline::in(30s));
  }
  NodeRemoval report(const json& request) const {
    const auto done = run_script(request);
    BOOST_REQUIRE_MESSAGE(done.status == 0, done.err);
    return parse_node_report(done.out, "core1");
  }
  NodeLook look(const json& request) const { return report(request).seen; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_node_look, LookedAtNode)

BOOST_AUTO_TEST_CASE(one_look_tells_an_apps_schedules_snapshots_and_clones) {
  start_plugin({.schedules = {{{"p_db", "replicate:10.0.0.2"}, "60"}, {{"q_db", "snapshot"}, "60"}},
                .snapshots = {"p_db@2026-11-22T14:02:45.706922", "p_db@2026-11-22T14:02:45.706922@10.0.0.2",
                              "q_db@1"}});
  write("app.1-id/.git/HEAD", "ref: refs/heads/master\n");
  write("app.1-id/.git/refs/heads/master", "c0ffee\n");
  write("app.1-id/.env", "COMPOSE_PROJECT_NAME=p\n");
  write("app.1-tag/.git/HEAD", "beef\n");
  write("app.2-id/.git/HEAD", "beef\n");
  write("handler.log", "");

  const auto seen = look(request());
  BOOST_TEST((seen.schedules.get() == std::vector<Schedule>{{"replicate:10.0.0.2", 60, "p_db", false}}));
  BOOST_REQUIRE(seen.snapshots.get().size() == 2);
  BOOST_TEST(seen.snapshots.get()[1].sent_to == "10.0.0.2");
  const auto& clones = seen.clones.get();
  BOOST_REQUIRE(clones.size() == 2);
  BOOST_TEST(clones[0].name == "app.1-id");
  BOOST_TEST(clones[0].head == "c0ffee");
  BOOST_TEST(clones[0].env.value_or("") == "COMPOSE_PROJECT_NAME=p\n");
  BOOST_TEST(clones[1].head == "beef");
  BOOST_TEST(!clones[1].env);
}

BOOST_AUTO_TEST_CASE(files_are_read_and_a_missing_one_is_none) {
  write("haproxy.cfg", "bind *:80 \xc3\xa9\xff\n");
  const auto done = run_script({{"read", {(deploy / "haproxy.cfg").string(), (deploy / "none").string()}}});
  BOOST_REQUIRE_MESSAGE(done.status == 0, done.err);
  const auto files = json::parse(done.out).at("files").at("value");
  BOOST_TEST(files.at(0) == "bind *:80 \xc3\xa9\xef\xbf\xbd\n");
  BOOST_TEST(files.at(1).is_null());
  BOOST_TEST(json::parse(run_script({{"read", {deploy.string()}}}).out).at("files").contains("error"));
}

BOOST_AUTO_TEST_CASE(without_an_app_everything_is_seen) {
  start_plugin({.schedules = {{{"p_db", "snapshot"}, "60"}, {{"q_db", "snapshot"}, "60"}},
                .snapshots = {"p_db@1", "q_db@1"}});
  write("app.1-id/x", "");
  write("app.2-id/x", "");
  auto all = request();
  all["volumes"] = "";
  all["clones"] = nullptr;
  const auto seen = look(all);
  BOOST_TEST(seen.schedules.get().size() == 2);
  BOOST_TEST(seen.snapshots.get().size() == 2);
  BOOST_TEST(seen.clones.get().size() == 2);
  BOOST_TEST(seen.clones.get().front().head.empty());
  BOOST_TEST(!seen.clones.get().front().head_error.empty());
}

BOOST_AUTO_TEST_CASE(an_old_plugin_lists_its_snapshots_to_post) {
  start_plugin({.snapshots = {"p_db@1"}, .lists_post = true});
  BOOST_TEST(look(request()).snapshots.get().size() == 1);
}

BOOST_AUTO_TEST_CASE(could_not_look_is_never_an_empty_list) {
  const auto why = [](const auto& things) -> std::string {
    try {
      things.get();
    } catch (const Error& e) {
      return e.line();
    }
    return "";
  };
  auto seen = look(request());
  BOOST_TEST(why(seen.schedules).find("core1: no volume plugin: no btrfs.sock in or below") == 0);
  BOOST_TEST(!why(seen.snapshots).empty());
  BOOST_TEST(seen.clones.get().empty());  // the look at clones has succeeded

  start_plugin({.err = "Schedule is globally paused"});
  seen = look(request());
  BOOST_TEST(why(seen.schedules).find("says of Schedule.List: Schedule is globally paused") !=
             std::string::npos);

  plugin.reset();  // its socket file stays
  BOOST_TEST(why(look(request()).schedules).find("does not answer") != std::string::npos);

  std::filesystem::remove_all(deploy);
  BOOST_TEST(why(look(request()).clones).find("cannot list") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_removal_takes_what_belongs_to_the_app) {
  start_plugin({.schedules = {{{"p_db", "purge:1h:1d"}, "1440"}, {{"q_db", "snapshot"}, "60"}},
                .snapshots = {"p_db@1", "p_db@1@10.0.0.2", "q_db@1"}});
  write("app.1-id/deep/file", "");
  write("app.2-id/file", "");
  const auto done = report(removal());
  BOOST_TEST(done.troubles.empty());
  BOOST_TEST(done.seen.schedules.get().size() == 1);
  BOOST_TEST(done.seen.snapshots.get().size() == 2);
  BOOST_TEST(done.seen.clones.get().size() == 1);
  BOOST_TEST(plugin->state().schedules.size() == 1);
  BOOST_TEST((plugin->state().snapshots == std::set<std::string>{"q_db@1"}));
  BOOST_TEST(std::filesystem::exists(deploy / "app.2-id/file"));
  BOOST_TEST(!std::filesystem::exists(deploy / "schedules.lock"));
}

// During a change, the plugin's list can be short or empty and still be consistent.
BOOST_AUTO_TEST_CASE(a_look_waits_for_whoever_changes_schedules) {
  start_plugin();
  const auto path = deploy / "schedules.lock";
  labctl::UniqueFd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  BOOST_REQUIRE(::flock(lock.get(), LOCK_EX) == 0);
  std::jthread change([&] {
    // When a second process has the file open, the look has reached the lock.
    const auto deadline = Deadline::in(20s);
    while (openers(path) < 2 && !deadline.passed()) std::this_thread::yield();
    plugin->set({.schedules = {{{"p_db", "purge:1h:1d"}, "1440"}}});
    std::filesystem::remove(path);
    lock.reset();
  });
  BOOST_TEST(look(request()).schedules.get().size() == 1);
  BOOST_TEST(!std::filesystem::exists(path));
}

// The receiver has the whole snapshot when the connection ends, not when the snapshot can be removed here.
BOOST_AUTO_TEST_CASE(a_removal_waits_for_snapshots_that_are_being_sent) {
  FakeServer other_node([](const FakeRequest&, const FakeConnection& connection) {
    connection.reply(200, "");
    return true;
  });
  const auto port = other_node.address().port;
  std::optional<http::Client> send(other_node.address());  // keeps its connection open
  send->send({}, Deadline::in(20s));

  start_plugin();
  BOOST_TEST(report(removal(port)).troubles.empty());  // there is no snapshot of this app
  plugin->set({.snapshots = {"p_db@1"}});
  const auto in_vain = report(removal(port)).troubles;
  BOOST_REQUIRE(in_vain.size() == 1);
  BOOST_TEST(in_vain.front() == "snapshots: 1 are still being sent to other nodes");
  BOOST_TEST(plugin->state().snapshots.empty());

  plugin->set({.snapshots = {"p_db@2"}});
  std::jthread arrival([&] {
    while (!plugin->state().snapshots.empty()) std::this_thread::yield();
    send.reset();
  });
  BOOST_TEST(report(removal(port, 20)).troubles.empty());
}

BOOST_AUTO_TEST_CASE(nothing_is_removed_without_an_apps_name) {
  start_plugin({.snapshots = {"p_db@1"}});
  auto all = removal();
  all["volumes"] = "";
  BOOST_TEST(run_script(all).status != 0);
  BOOST_TEST(plugin->state().snapshots.size() == 1);
}

BOOST_AUTO_TEST_CASE(what_does_not_read_is_an_error) {
  BOOST_CHECK_THROW(parse_node_report("Traceback", "core1"), Error);
  BOOST_CHECK_THROW(parse_node_report("{}", "core1"), Error);
  const auto with_timer = [](const std::string& timer) {
    return R"({"seen":{"schedules":{"value":[{"Name":"v","Action":"snapshot","Timer":)" + timer +
           R"(}]},"snapshots":{"value":[]},"clones":{"value":[]}}})";
  };
  BOOST_TEST(parse_node_report(with_timer("60"), "core1").seen.schedules.get().front().minutes == 60);
  BOOST_CHECK_THROW(parse_node_report(with_timer("\"sixty\""), "core1"), Error);
}

BOOST_AUTO_TEST_SUITE_END()
