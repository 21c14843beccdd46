#include "tunnels/login_inputs.hpp"

#include "support/temp_dir.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace labctl;
using tunnels::login_files;

namespace {

struct LoginFiles {
  LoginFiles() {
    target.identities = {folder / "key"};
    target.certificates = {folder / "certificate.pub"};
    target.known_hosts = {folder / "known_hosts"};
  }
  void write(const std::string& name) const { std::ofstream(folder / name, std::ios::app) << "line\n"; }

  test::TempDir folder;
  ssh::Target target;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_inputs, LoginFiles)

BOOST_AUTO_TEST_CASE(every_file_that_a_login_reads_changes_the_text) {
  std::string before = login_files(target);
  for (const char* name :
       {"key", "key.pub", "key-cert.pub", "certificate.pub", "known_hosts", "known_hosts"}) {
    write(name);
    const std::string after = login_files(target);
    BOOST_TEST(after != before, name);
    before = after;
  }
  ::chmod((folder / "key").c_str(), 0600);
  BOOST_TEST(login_files(target) != before);
}

BOOST_AUTO_TEST_CASE(the_files_of_jump_hosts_count) {
  ssh::Target behind;
  behind.jumps = {target};
  const std::string before = login_files(behind);
  write("known_hosts");
  BOOST_TEST(login_files(behind) != before);
}

BOOST_AUTO_TEST_CASE(unchanged_files_have_the_same_text) {
  write("key");
  BOOST_TEST(login_files(target) == login_files(target));
}

BOOST_AUTO_TEST_CASE(without_an_agent_there_are_no_keys) {
  target.agent_socket = folder / "nobody.sock";
  asio::io_context io;
  std::string keys = "not asked";
  asio::co_spawn(
      io, [&]() -> asio::awaitable<void> { keys = co_await tunnels::agent_keys(target); }, asio::detached);
  io.run();
  BOOST_TEST(keys.empty());
}

BOOST_AUTO_TEST_SUITE_END()
