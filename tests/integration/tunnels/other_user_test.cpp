// What another user of this machine can reach while the tunnels are up.
#include "base/process.hpp"
#include "testbed.hpp"

#include <unistd.h>

using namespace labctl;
using namespace labctl::test;

namespace {

// Runs as another user: connects to a unix socket or a loopback port, and prints the error's name, or
// "connected".
constexpr const char* connect_script = R"(
import errno, socket, sys
end = sys.argv[1]
try:
    if end.startswith("/"):
        socket.socket(socket.AF_UNIX).connect(end)
    else:
        socket.create_connection(("127.0.0.1", int(end)), 20)
    print("connected")
except OSError as error:
    print(errno.errorcode[error.errno])
)";

std::string as_another_user(const std::string& end) {
  return run_checked({.argv = {"setpriv", "--reuid=61202", "--regid=61202", "--clear-groups",
                               "/usr/bin/python3", "-c", connect_script, end}},
                     Deadline::in(std::chrono::seconds(30)));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(other_user, Case)

BOOST_AUTO_TEST_CASE(another_user_reaches_the_port_of_consul_and_no_socket) {
  BOOST_REQUIRE_MESSAGE(::geteuid() == 0, "this test acts as a second user, so it must be run by root");
  up();
  BOOST_TEST(as_another_user(std::to_string(consul(*this).port)) == "connected\n");
  BOOST_TEST(as_another_user(docker1(*this).path) == "EACCES\n");
  BOOST_TEST(as_another_user((bed.runtime() / "daemon.sock").string()) == "EACCES\n");
}

BOOST_AUTO_TEST_SUITE_END()
