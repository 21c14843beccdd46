#include "base/service_manager.hpp"

#include "support/notify_socket.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstdlib>

using namespace labctl;
using namespace std::chrono_literals;
using labctl::test::NotifySocket;

namespace {

struct Environment {
  ~Environment() {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

  test::TempDir folder;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(service_manager, Environment)

BOOST_AUTO_TEST_CASE(without_the_variable_nothing_is_sent) {
  const auto manager = ServiceManager::from_environment();
  BOOST_TEST(!manager.is_there());
  manager.ready("up");
  BOOST_TEST(!manager.watchdog().has_value());
}

BOOST_AUTO_TEST_CASE(messages_arrive_at_a_path_and_at_an_abstract_name) {
  for (const std::string& name :
       {(folder / "notify.sock").string(), "@labctl-test-" + std::to_string(::getpid())}) {
    const NotifySocket socket(name);
    set("NOTIFY_SOCKET", name);
    const auto manager = ServiceManager::from_environment();
    BOOST_TEST(manager.is_there());
    manager.ready("5 of 5\nforwards");
    BOOST_TEST(socket.receive(20s) == "READY=1\nSTATUS=5 of 5 forwards\n");
    manager.status("4 of 5");
    BOOST_TEST(socket.receive(20s) == "STATUS=4 of 5\n");
    manager.alive();
    BOOST_TEST(socket.receive(20s) == "WATCHDOG=1\n");
    manager.stopping();
    BOOST_TEST(socket.receive(20s) == "STOPPING=1\n");
  }
}

BOOST_AUTO_TEST_CASE(programs_that_we_start_do_not_inherit_it) {
  set("NOTIFY_SOCKET", "/nobody");
  set("WATCHDOG_USEC", "1000000");
  ServiceManager::from_environment();
  BOOST_TEST(std::getenv("NOTIFY_SOCKET") == nullptr);
  BOOST_TEST(std::getenv("WATCHDOG_USEC") == nullptr);
}

BOOST_AUTO_TEST_CASE(the_watchdog_of_another_process_is_not_ours) {
  set("WATCHDOG_USEC", "3000000");
  BOOST_TEST((ServiceManager::from_environment().watchdog() == 3s));
  set("WATCHDOG_USEC", "3000000");
  set("WATCHDOG_PID", std::to_string(::getpid()));
  BOOST_TEST((ServiceManager::from_environment().watchdog() == 3s));
  set("WATCHDOG_USEC", "3000000");
  set("WATCHDOG_PID", "1");
  BOOST_TEST(!ServiceManager::from_environment().watchdog().has_value());
  set("WATCHDOG_USEC", "soon");
  BOOST_TEST(!ServiceManager::from_environment().watchdog().has_value());
}

BOOST_AUTO_TEST_CASE(a_manager_that_is_gone_is_no_error) {
  for (const std::string& name :
       {(folder / "nobody.sock").string(), std::string(200, '/'), std::string("x")}) {
    set("NOTIFY_SOCKET", name);
    ServiceManager::from_environment().ready("up");
  }
}

BOOST_AUTO_TEST_SUITE_END()
