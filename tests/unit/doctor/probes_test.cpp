#include "doctor/probes.hpp"

#include "base/unique_fd.hpp"
#include "support/temp_dir.hpp"
#include "support/unix_listener.hpp"

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <fstream>

namespace labctl::doctor {
namespace {

using State = LocalEndSeen::State;

State look(const Endpoint& end) { return look_at_end(end, Deadline::in(std::chrono::seconds(10))); }
State look(const std::filesystem::path& path) { return look(Endpoint::unix_socket(path.string())); }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(probing, test::TempDir)

BOOST_AUTO_TEST_CASE(a_socket_is_told_from_its_file_and_from_other_files) {
  const auto socket = path() / "a.sock";
  BOOST_CHECK(look(socket) == State::missing);
  {
    const auto listener = test::listen_at(socket);
    BOOST_CHECK(look(socket) == State::accepts);
  }
  BOOST_CHECK(look(socket) == State::nobody_listens);
  std::ofstream(path() / "plain") << "x";
  BOOST_CHECK(look(path() / "plain") == State::foreign_file);
  std::filesystem::create_symlink(socket, path() / "link");
  BOOST_CHECK(look(path() / "link") == State::foreign_file);
}

BOOST_AUTO_TEST_CASE(a_port_is_told_from_a_closed_one) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  BOOST_REQUIRE_EQUAL(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  BOOST_REQUIRE_EQUAL(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Endpoint end{"127.0.0.1", ntohs(address.sin_port), {}};
  BOOST_CHECK(look(end) == State::nobody_listens);  // bound, so no other process takes it, but not listening
  BOOST_REQUIRE_EQUAL(::listen(socket.get(), 4), 0);
  BOOST_CHECK(look(end) == State::accepts);
  BOOST_CHECK(look({"localhost", end.port, {}}) == State::accepts);
}

BOOST_AUTO_TEST_CASE(a_folder_that_others_may_enter_is_a_problem) {
  const auto folder = path() / "run";
  BOOST_CHECK_EQUAL(folder_problem(folder.string()), "");
  std::filesystem::create_directory(folder);
  ::chmod(folder.c_str(), 0700);
  BOOST_CHECK_EQUAL(folder_problem(folder.string()), "");
  ::chmod(folder.c_str(), 0755);
  const auto open = folder_problem(folder.string());
  BOOST_CHECK(open.find(folder.string()) != std::string::npos && open.find("mode 0755") != std::string::npos);
  std::ofstream(path() / "plain") << "x";
  BOOST_CHECK(folder_problem((path() / "plain").string()).find("is not a folder") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_lone_inventory_problem_still_has_the_machine_looked_at) {
  ::setenv("LABCTL_STATE_DIR", path().c_str(), 1);
  const auto seen = observe(Error(Kind::invalid, "bad", "x:1:1"), Deadline::in(std::chrono::seconds(10)));
  ::unsetenv("LABCTL_STATE_DIR");
  BOOST_CHECK(seen.inventory.problem.has_value());
  BOOST_CHECK(seen.labs.empty());
  BOOST_CHECK(seen.broken_probes.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
