#include "agent/worker.hpp"

#include "agent/handler.hpp"
#include "agent/log_setup.hpp"
#include "agent/work_slot.hpp"
#include "base/base64.hpp"
#include "base/paths.hpp"
#include "base/text.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <map>
#include <set>

using namespace labctl;
using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(worker)

namespace {

const std::string repository = "https://h/x";

std::string app(const std::string& branch) { return contract::app_name(repository, branch).app; }

// A node's /deploy. Workers are real processes; when one ends, the processes that it started become our
// children (subreaper), so that rest() can wait for all of them.
struct LocalNode {
  test::TempDir folder;
  Settings settings;
  Handle handle, undo;

  LocalNode() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    settings.deploy = folder.path();
    set_up_logging({.file = (folder / "handler.log").string()});
  }
  LocalNode(const LocalNode&) = delete;
  LocalNode& operator=(const LocalNode&) = delete;
  ~LocalNode() {
    rest();
    set_up_logging({});
  }

  int take(const std::vector<nlohmann::json>& batch) const {
    return take_batch(settings, nlohmann::json(batch).dump(), handle, undo);
  }

  static void rest() {
    while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
    }
  }

  // Appends one line; any process may call it.
  void say(const std::string& text) const {
    const int fd = ::open((folder / "said").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    BOOST_REQUIRE(::write(fd, (text + "\n").data(), text.size() + 1) ==
                  static_cast<ssize_t>(text.size() + 1));
    ::close(fd);
  }
  std::vector<std::string> said() const {
    return std::filesystem::exists(folder / "said") ? lines(read_file(folder / "said"))
                                                    : std::vector<std::string>{};
  }
  std::string log() const { return read_file(folder / "handler.log"); }
  std::vector<std::string> queued() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder / ".queue"))
      names.push_back(entry.path().filename());
    return names;
  }
};

nlohmann::json event(const std::string& id, const std::string& name, const nlohmann::json& payload) {
  return {{"ID", id}, {"Name", name}, {"Payload", encode_base64(payload.dump())}};
}

nlohmann::json destroy(const std::string& id, const std::string& branch) {
  return event(id, "destroy", {{"repo", repository}, {"branch", branch}});
}

nlohmann::json migrate(const std::string& id, const std::string& source, const std::string& target) {
  return event(id, "migrate", {{"repo", repository}, {"branch", source}, {"target", {{"branch", target}}}});
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A child process that runs `action` and ends.
pid_t in_child(const std::function<void()>& action) {
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  try {
    action();
  } catch (...) {
    ::_exit(1);
  }
  ::_exit(0);
}

// A fifo: a process that opens it for reading waits until another opens it for writing.
struct Gate {
  std::filesystem::path path;
  explicit Gate(std::filesystem::path file) : path(std::move(file)) {
    BOOST_REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  }
  void pass() const { ::close(::open(path.c_str(), O_RDONLY | O_CLOEXEC)); }
  void open() const { ::close(::open(path.c_str(), O_WRONLY | O_CLOEXEC)); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_apps_events_are_handled_in_order_and_once) {
  LocalNode node;
  node.handle = [&](const QueuedEvent& task) {
    node.say("begin " + task.event.id);
    node.say("end " + task.event.id);
  };
  std::vector<nlohmann::json> batch;
  std::vector<std::string> expected;
  for (int i = 0; i < 30; ++i) {
    batch.push_back(destroy("e" + std::to_string(i), "a"));
    expected.push_back("begin e" + std::to_string(i));
    expected.push_back("end e" + std::to_string(i));
  }
  BOOST_TEST(node.take(batch) == 0);
  BOOST_TEST(node.take(batch) == 0);
  LocalNode::rest();
  BOOST_TEST(node.said() == expected, boost::test_tools::per_element());
  BOOST_TEST(lines(read_file(node.folder / "events.log")).size() == 30U);
  BOOST_TEST(node.queued().empty());  // no lock, mark or event is left
}

BOOST_AUTO_TEST_CASE(two_apps_are_handled_at_once) {
  LocalNode node;
  const Gate gate(node.folder / "gate");
  // `a` continues only after `b` has begun: if they were handled one after the other, this would never end.
  node.handle = [&](const QueuedEvent& task) {
    if (task.event.id == "a1") gate.pass();
    if (task.event.id == "b1") gate.open();
    node.say(task.event.id);
  };
  BOOST_TEST(node.take({destroy("a1", "a"), destroy("a2", "a"), destroy("b1", "b")}) == 0);
  LocalNode::rest();
  auto said = node.said();
  BOOST_TEST((std::find(said.begin(), said.end(), "a1") < std::find(said.begin(), said.end(), "a2")));
  BOOST_TEST(std::set<std::string>(said.begin(), said.end()) == (std::set<std::string>{"a1", "a2", "b1"}));
}

BOOST_AUTO_TEST_CASE(the_handler_returns_while_its_workers_work_and_nothing_of_it_stays_open) {
  LocalNode node;
  const Gate gate(node.folder / "gate");
  node.handle = [&](const QueuedEvent&) { gate.pass(); };
  int out[2];
  BOOST_REQUIRE(::pipe(out) == 0);
  const pid_t handler = in_child([&] {
    ::dup2(out[1], 1);
    ::dup2(out[1], 2);
    ::close(out[0]);
    ::close(out[1]);
    node.take({destroy("a1", "a")});
  });
  ::close(out[1]);
  char byte = 0;
  while (::read(out[0], &byte, 1) > 0) {
  }  // as Consul does; ends only because no worker keeps the other end open
  ::close(out[0]);
  int status = 0;
  BOOST_TEST(::waitpid(handler, &status, 0) == handler);
  BOOST_TEST(status == 0);
  BOOST_TEST(!node.queued().empty());  // still being handled
  gate.open();
  LocalNode::rest();
  BOOST_TEST(node.queued().empty());
}

BOOST_AUTO_TEST_CASE(a_bad_event_touches_no_other) {
  LocalNode node;
  node.handle = [&](const QueuedEvent& task) { node.say(task.event.id); };
  auto null = destroy("null", "a");
  null["Payload"] = nullptr;
  auto empty = destroy("empty", "a");
  empty["Payload"] = "";
  auto garbage = destroy("garbage", "a");
  garbage["Payload"] = "%%%";
  const auto text = event("text", "deploy", "no object");
  const auto half = event("half", "deploy", {{"repo", repository}, {"branch", "a"}});
  BOOST_TEST(node.take({null, destroy("good1", "a"), empty, garbage, text, 7, half, destroy("good2", "a")}) ==
             6);
  LocalNode::rest();
  BOOST_TEST(node.said() == (std::vector<std::string>{"good1", "good2"}), boost::test_tools::per_element());
  for (const char* id : {"null", "empty", "garbage", "text", "half"}) {
    BOOST_TEST(contains(node.log(), "ERROR\tevent " + std::string(id)), id);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_event_is_told_at_once_or_in_its_apps_turn) {
  LocalNode node;
  const Gate gate(node.folder / "gate");
  node.handle = [&](const QueuedEvent& task) {
    if (task.event.id == "a1") gate.pass();
    handle_event(node.settings, task);
  };
  BOOST_TEST(node.take({event("a1", "barrier-1", {{"repo", repository}, {"branch", "a"}}),
                        event("a2", "barrier-2", {{"repo", repository}, {"branch", "a"}}),
                        event("n1", "stranger", {{"x", 1}}),
                        {{"ID", "n2"}, {"Name", "stranger-2"}, {"Payload", nullptr}}}) == 0);
  BOOST_TEST(contains(node.log(), "ERROR\tUnknown event name: stranger\n"));
  BOOST_TEST(contains(node.log(), "ERROR\tUnknown event name: stranger-2\n"));
  BOOST_TEST(!contains(node.log(), "barrier"));
  gate.open();
  LocalNode::rest();
  const auto log = node.log();
  BOOST_TEST(log.find("ERROR\tUnknown event name: barrier-1\n") <
             log.find("ERROR\tUnknown event name: barrier-2\n"));
}

BOOST_AUTO_TEST_CASE(a_killed_event_is_told_and_the_next_one_handled) {
  LocalNode node;
  node.handle = [&](const QueuedEvent& task) {
    if (task.event.id == "a1") ::raise(SIGKILL);
    node.say(task.event.id);
  };
  node.undo = [&](const QueuedEvent& task) { node.say("undo " + task.event.id); };
  BOOST_TEST(node.take({destroy("a1", "a"), destroy("a2", "a")}) == 0);
  LocalNode::rest();
  BOOST_TEST(node.said() == (std::vector<std::string>{"undo a1", "a2"}), boost::test_tools::per_element());
  BOOST_TEST(contains(node.log(), "ERROR\tevent a1 (destroy) of " + app("a") + " failed"));
  BOOST_TEST(node.take({destroy("a1", "a")}) == 0);
  LocalNode::rest();
  BOOST_TEST(node.said().size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_a_killed_worker_left_is_taken_up_by_the_next_run) {
  LocalNode node;
  node.handle = [&](const QueuedEvent& task) {
    if (task.event.id == "a1") {
      ::kill(::getppid(), SIGKILL);
      ::raise(SIGKILL);
    }
    node.say(task.event.id);
  };
  node.undo = [&](const QueuedEvent& task) { node.say("undo " + task.event.id); };
  BOOST_TEST(node.take({destroy("a1", "a"), destroy("a2", "a"), destroy("a3", "a")}) == 0);
  LocalNode::rest();
  BOOST_TEST(node.said().empty());
  BOOST_TEST(node.take({}) == 0);  // Consul sends an empty batch when it starts
  LocalNode::rest();
  BOOST_TEST(node.said() == (std::vector<std::string>{"undo a1", "a2", "a3"}),
             boost::test_tools::per_element());
  BOOST_TEST(contains(node.log(), "ERROR\tevent a1 (destroy) of " + app("a") + " failed"));
  BOOST_TEST(node.queued().empty());
}

BOOST_AUTO_TEST_CASE(no_event_is_left_lying_when_workers_end_as_events_come) {
  LocalNode node;
  node.handle = [&](const QueuedEvent& task) { node.say(task.event.id); };
  // Handlers in parallel, each with one event at a time, so that workers end all the time.
  constexpr int handlers = 6, rounds = 40;
  for (int handler = 0; handler < handlers; ++handler) {
    in_child([&] {
      for (int round = 0; round < rounds; ++round) {
        const std::string id = "e" + std::to_string(handler) + "-" + std::to_string(round);
        node.take({destroy(id, round % 2 == 0 ? "a" : "b")});
      }
    });
  }
  LocalNode::rest();
  auto said = node.said();
  BOOST_TEST(said.size() == std::size_t{handlers * rounds});
  BOOST_TEST(std::set<std::string>(said.begin(), said.end()).size() == std::size_t{handlers * rounds});
  BOOST_TEST(node.queued().empty());
  // The events that one handler gave to one app stay in order.
  for (int handler = 0; handler < handlers; ++handler) {
    for (int parity : {0, 1}) {
      int last = -1;
      for (const auto& id : said) {
        const auto parts = split(id.substr(1), '-');
        const int round = std::stoi(parts.at(1));
        if (std::stoi(parts.at(0)) != handler || round % 2 != parity) continue;
        BOOST_REQUIRE(last < round);
        last = round;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(migrate_stays_in_order_with_both_its_apps) {
  for (const bool source_first : {true, false}) {
    LocalNode node;
    const Gate gate(node.folder / "gate");
    // The slower of the two apps delays the migration; c continues.
    const std::string slow = source_first ? "s1" : "t1";
    node.handle = [&](const QueuedEvent& task) {
      node.say("begin " + task.event.id);
      if (task.event.id == slow) gate.pass();
      if (task.event.id == "c1") gate.open();
      node.say("end " + task.event.id);
    };
    BOOST_TEST(node.take({destroy("s1", "s"), destroy("t1", "t"), migrate("m", "s", "t"), destroy("s2", "s"),
                          destroy("t2", "t"), migrate("n", "t", "s"), destroy("c1", "c")}) == 0);
    LocalNode::rest();
    std::map<std::string, int> at;
    const auto said = node.said();
    BOOST_TEST(said.size() == 14U);
    for (int i = 0; i < static_cast<int>(said.size()); ++i) at[said[static_cast<std::size_t>(i)]] = i;
    BOOST_TEST(at["end s1"] < at["begin m"]);
    BOOST_TEST(at["end t1"] < at["begin m"]);
    BOOST_TEST(at["end m"] < at["begin s2"]);
    BOOST_TEST(at["end m"] < at["begin t2"]);
    BOOST_TEST(at["end s2"] < at["begin n"]);
    BOOST_TEST(at["end t2"] < at["begin n"]);
    BOOST_TEST(node.queued().empty());
  }
}

BOOST_AUTO_TEST_CASE(a_work_slot_is_given_back_while_resting) {
  const test::TempDir folder;
  WorkSlot slot(folder.path(), 1);
  slot.take();
  BOOST_TEST(!FileLock::try_take(folder / "slot-0"));
  {
    const WorkSlot::Rest rest(slot);
    BOOST_TEST(FileLock::try_take(folder / "slot-0").has_value());
    const WorkSlot::Rest inner(slot);  // there was no slot to give back, so it takes none
  }
  BOOST_TEST(!FileLock::try_take(folder / "slot-0"));
}

BOOST_AUTO_TEST_SUITE_END()
