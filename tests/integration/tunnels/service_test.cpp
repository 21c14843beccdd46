// The daemon in the foreground, as a service manager starts it.
#include "base/spawn.hpp"
#include "support/notify_socket.hpp"
#include "testbed.hpp"

#include <signal.h>

#include <cstdlib>
#include <utility>

using namespace labctl;
using namespace labctl::test;

namespace {

struct Service : Case {
  Service() {
    const auto file = inventory_file(bed.key("ed25519"));
    ::setenv("NOTIFY_SOCKET", socket_name.c_str(), 1);
    ::setenv("WATCHDOG_USEC", "1000000", 1);
    pid = Spawn().start({LABCTL_PROGRAM, "--inventory", file.string(), "tunnels", "up", "--foreground"});
    ::unsetenv("NOTIFY_SOCKET");
    ::unsetenv("WATCHDOG_USEC");
  }
  ~Service() {
    if (pid > 0) {
      ::kill(pid, SIGKILL);
      wait_for_exit(pid);
    }
    std::filesystem::remove(socket_name);
  }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The next message with these words; "" if none comes in time.
  std::string message(const std::string& words) const {
    const Deadline deadline = Deadline::in(std::chrono::seconds(30));
    while (!deadline.passed()) {
      const std::string text = socket.receive(deadline.left());
      if (text.find(words) != std::string::npos) return text;
    }
    return "";
  }

  std::string socket_name = (bed.folder() / "notify.sock").string();
  NotifySocket socket{socket_name};
  pid_t pid = -1;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(service, Service)

BOOST_AUTO_TEST_CASE(a_service_manager_hears_when_it_is_ready_how_it_is_and_when_it_stops) {
  BOOST_TEST(message("READY=1") == "READY=1\nSTATUS=2 of 2 forwards up\n");
  BOOST_TEST(get(docker1(*this), "/_ping").text.ends_with("OK"));
  bed.node(1).kill();
  BOOST_TEST(message("0 of 2 forwards up, down: consul, docker_core1").starts_with("STATUS="));
  bed.node(1).start();
  BOOST_TEST(message("2 of 2 forwards up") == "STATUS=2 of 2 forwards up\n");
  ::kill(pid, SIGTERM);
  BOOST_TEST(message("STOPPING") == "STOPPING=1\n");
  BOOST_TEST(wait_for_exit(std::exchange(pid, -1)) == 0);
  BOOST_TEST(!std::filesystem::exists(docker1(*this).path));
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_while_the_daemon_runs) {
  message("READY=1");
  for (int i = 0; i < 3; ++i) BOOST_TEST(message("WATCHDOG") == "WATCHDOG=1\n");
}

BOOST_AUTO_TEST_CASE(a_daemon_that_a_client_ends_stops_as_well) {
  message("READY=1");
  BOOST_TEST(tunnels::down(inventory));
  BOOST_TEST(message("STOPPING") == "STOPPING=1\n");
}

BOOST_AUTO_TEST_SUITE_END()
