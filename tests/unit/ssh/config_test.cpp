#include "ssh/config.hpp"

#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

using namespace labctl::ssh;

namespace {

HostConfig parse(const std::string& text, const std::string& host = "core1") {
  return parse_config(text, host, "/none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ssh_config)

BOOST_AUTO_TEST_CASE(values_of_a_matching_host_are_taken) {
  const auto config = parse(
      "Host core1\n  HostName 10.0.0.1\n  User core\n  Port 2222\n  IdentityFile /keys/a\n"
      "  IdentitiesOnly yes\n  UserKnownHostsFile /known\n  IdentityAgent /agent\n");
  BOOST_TEST(config.host_name.value() == "10.0.0.1");
  BOOST_TEST(config.user.value() == "core");
  BOOST_TEST(config.port.value() == 2222);
  BOOST_TEST(config.identities.at(0) == "/keys/a");
  BOOST_TEST(config.identities_only.value());
  BOOST_TEST(config.known_hosts.at(0) == "/known");
  BOOST_TEST(config.agent.value() == "/agent");
}

BOOST_AUTO_TEST_CASE(other_hosts_do_not_count) {
  const auto config = parse("Host core2 core3\n  User other\nHost *\n  User all\n");
  BOOST_TEST(config.user.value() == "all");
}

BOOST_AUTO_TEST_CASE(the_first_value_counts_and_identities_add_up) {
  const auto config = parse("User first\nIdentityFile /a\nHost core*\n  User second\n  IdentityFile /b\n");
  BOOST_TEST(config.user.value() == "first");
  BOOST_TEST(config.identities.size() == 2);
}

BOOST_AUTO_TEST_CASE(a_negated_pattern_excludes) {
  BOOST_TEST(!parse("Host * !core1\n  User x\n").user.has_value());
  BOOST_TEST(parse("Host * !core2\n  User x\n").user.has_value());
}

BOOST_AUTO_TEST_CASE(equal_signs_quotes_and_comments_read_as_in_ssh) {
  const auto config =
      parse("# comment\nUser=core # trailing\nHostName = 10.0.0.1\nIdentityFile \"/a b/key\"\n");
  BOOST_TEST(config.user.value() == "core");
  BOOST_TEST(config.host_name.value() == "10.0.0.1");
  BOOST_TEST(config.identities.at(0) == "/a b/key");
}

BOOST_AUTO_TEST_CASE(match_blocks_other_than_all_are_passed_over) {
  BOOST_TEST(!parse("Match user root\n  User x\n").user.has_value());
  BOOST_TEST(parse("Match all\n  User x\n").user.has_value());
}

BOOST_AUTO_TEST_CASE(host_name_may_name_the_host) {
  BOOST_TEST(parse("HostName %h.example\n").host_name.value() == "core1.example");
}

BOOST_AUTO_TEST_CASE(a_port_that_is_none_is_passed_over) {
  BOOST_TEST(!parse("Port 0\n").port.has_value());
  BOOST_TEST(!parse("Port 70000\n").port.has_value());
  BOOST_TEST(!parse("Port 22x\n").port.has_value());
}

BOOST_AUTO_TEST_CASE(included_files_are_read_where_they_stand) {
  const labctl::test::TempDir folder;
  std::ofstream(folder / "a.conf") << "User from-a\n";
  std::ofstream(folder / "b.conf")
      << "User from-b\nInclude b.conf\nPort 2022\n";  // includes itself: must end
  const auto config =
      parse_config("Host other\n  Include a.conf\nHost core1\n  Include b.con?\n", "core1", folder.path());
  BOOST_TEST(config.user.value() == "from-b");
  BOOST_TEST(config.port.value() == 2022);
}

BOOST_AUTO_TEST_CASE(a_proxy_is_noticed) { BOOST_TEST(parse("ProxyJump gate\n").proxy.value() == "gate"); }

BOOST_AUTO_TEST_SUITE_END()
