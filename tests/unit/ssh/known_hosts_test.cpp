#include "ssh/known_hosts.hpp"

#include "base/base64.hpp"
#include "base/error.hpp"
#include "ssh/pattern.hpp"
#include "ssh/wire.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <fstream>
#include <string>

using namespace labctl::ssh;
using labctl::encode_base64;

namespace {

// A public key in wire format; only its type and bytes matter for the verdicts.
std::string key(const std::string& type, char fill) {
  WireWriter writer;
  writer.string(type);
  writer.string(std::string(32, fill));
  return writer.bytes();
}

const std::string ed = key("ssh-ed25519", 'a');
const std::string other_ed = key("ssh-ed25519", 'b');
const std::string rsa = key("ssh-rsa", 'c');

std::string line(const std::string& hosts, const std::string& bytes) {
  return hosts + " " + key_type(bytes) + " " + encode_base64(bytes) + " comment\n";
}

KnownHosts hosts(const std::string& text) {
  KnownHosts known;
  known.add(text);
  return known;
}

}  // namespace

namespace labctl::ssh {
std::ostream& operator<<(std::ostream& out, HostKeyVerdict verdict) {
  return out << static_cast<int>(verdict);
}
}  // namespace labctl::ssh

BOOST_AUTO_TEST_SUITE(known_hosts)

BOOST_AUTO_TEST_CASE(a_known_key_matches) {
  BOOST_TEST(hosts(line("core1", ed)).check("core1", 22, ed) == HostKeyVerdict::match);
  BOOST_TEST(hosts(line("core1,10.0.0.1", ed)).check("10.0.0.1", 22, ed) == HostKeyVerdict::match);
}

BOOST_AUTO_TEST_CASE(names_of_hosts_have_no_case) {
  BOOST_TEST(hosts(line("Core1", ed)).check("cORE1", 22, ed) == HostKeyVerdict::match);
}

BOOST_AUTO_TEST_CASE(a_host_without_entry_is_unknown) {
  BOOST_TEST(hosts(line("core1", ed)).check("core2", 22, ed) == HostKeyVerdict::unknown);
  BOOST_TEST(hosts("").check("core1", 22, ed) == HostKeyVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(another_key_of_the_same_type_has_changed) {
  BOOST_TEST(hosts(line("core1", ed)).check("core1", 22, other_ed) == HostKeyVerdict::changed);
}

BOOST_AUTO_TEST_CASE(a_key_of_another_type_is_no_change) {
  BOOST_TEST(hosts(line("core1", ed)).check("core1", 22, rsa) == HostKeyVerdict::other_type);
}

BOOST_AUTO_TEST_CASE(one_of_several_keys_is_enough) {
  BOOST_TEST(hosts(line("core1", ed) + line("core1", other_ed)).check("core1", 22, other_ed) ==
             HostKeyVerdict::match);
  BOOST_TEST(hosts(line("core1", rsa) + line("core1", ed)).check("core1", 22, other_ed) ==
             HostKeyVerdict::changed);
}

BOOST_AUTO_TEST_CASE(a_port_belongs_to_the_name) {
  const auto known = hosts(line("[core1]:2222", ed));
  BOOST_TEST(known.check("core1", 2222, ed) == HostKeyVerdict::match);
  BOOST_TEST(known.check("core1", 22, ed) == HostKeyVerdict::unknown);
  BOOST_TEST(known.check("core1", 2222, other_ed) == HostKeyVerdict::changed);
}

BOOST_AUTO_TEST_CASE(a_key_of_the_name_without_a_port_is_accepted_on_any_port) {
  BOOST_TEST(hosts(line("core1", ed)).check("core1", 2222, ed) == HostKeyVerdict::match);
  BOOST_TEST(hosts(line("core1", ed)).check("core1", 2222, other_ed) == HostKeyVerdict::changed);
  BOOST_TEST(hosts(line("core1", rsa)).check("core1", 2222, ed) == HostKeyVerdict::unknown);
  BOOST_TEST(hosts(line("core1", ed) + line("[core1]:2222", other_ed)).check("core1", 2222, ed) ==
             HostKeyVerdict::changed);
  BOOST_TEST(hosts(line("core1", ed) + line("@revoked core1", ed)).check("core1", 2222, ed) ==
             HostKeyVerdict::revoked);
}

BOOST_AUTO_TEST_CASE(a_certificate_authority_is_recognised) {
  const auto known = hosts("# comment\n" + line("@cert-authority *.lab", ed));
  BOOST_TEST(known.check("core1.lab", 22, ed) == HostKeyVerdict::by_authority);
  BOOST_TEST(known.check("core1.lab", 2222, ed) == HostKeyVerdict::by_authority);
  BOOST_TEST(known.check("core1", 22, ed) == HostKeyVerdict::unknown);
  BOOST_TEST(known.places("core1.lab", 2222, "").at(0).line == 2U);
  // Its pattern matches the name with the port, too.
  BOOST_TEST(hosts(line("@cert-authority *", ed)).places("core1", 2222, "").size() == 1U);
  BOOST_TEST(known.key_types("core1.lab", 22).empty());
}

BOOST_AUTO_TEST_CASE(entries_are_named_by_file_and_line) {
  KnownHosts known;
  known.add(line("core1", rsa) + "\n" + line("core1", ed) + line("core2", ed), "/one");
  known.add(line("[core1]:2222", ed), "/two");
  BOOST_TEST(known.places("core1", 22, key_type(ed)).size() == 1U);
  const auto places = known.places("core1", 2222, key_type(ed));
  BOOST_REQUIRE(places.size() == 2U);
  BOOST_TEST(places[0].file == "/two");
  BOOST_TEST(places[0].name == "[core1]:2222");
  BOOST_TEST(places[1].file == "/one");
  BOOST_TEST(places[1].line == 3U);
  BOOST_TEST(places[1].name == "core1");
  known.add(line("core2", rsa) + line("@revoked core*", ed), "/three");
  const auto revocations = known.revocations("core1", 2222, ed);
  BOOST_REQUIRE(revocations.size() == 1U);
  BOOST_TEST(revocations[0].file == "/three");
  BOOST_TEST(revocations[0].line == 2U);
  BOOST_TEST(known.revocations("core1", 2222, rsa).empty());
}

BOOST_AUTO_TEST_CASE(hashed_names_are_found) {
  // Result of ssh-keygen -H for "core1.lab".
  const std::string field = "|1|V7dBSpEW6Ajg5bI0aB5ixkXJwmk=|pE57IXZEXoeQOK+SsDoLMzPqpD4=";
  const auto known = hosts(line(field, ed));
  BOOST_TEST(known.check("core1.lab", 22, ed) == HostKeyVerdict::match);
  BOOST_TEST(known.check("core2.lab", 22, ed) == HostKeyVerdict::unknown);
  BOOST_TEST(hosts(line("|1|broken", ed)).check("core1.lab", 22, ed) == HostKeyVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(wildcards_and_negation_count) {
  const auto known = hosts(line("*.lab,!bad.lab", ed));
  BOOST_TEST(known.check("core1.lab", 22, ed) == HostKeyVerdict::match);
  BOOST_TEST(known.check("bad.lab", 22, ed) == HostKeyVerdict::unknown);
}

BOOST_AUTO_TEST_CASE(a_revoked_key_is_refused_wherever_it_stands) {
  BOOST_TEST(hosts(line("core1", ed) + line("@revoked *", ed)).check("core1", 22, ed) ==
             HostKeyVerdict::revoked);
  BOOST_TEST(hosts(line("@revoked *", ed) + line("core1", other_ed)).check("core1", 22, other_ed) ==
             HostKeyVerdict::match);
}

BOOST_AUTO_TEST_CASE(a_file_that_others_may_write_is_not_believed) {
  const labctl::test::TempDir folder;
  const auto path = folder / "known_hosts";
  std::ofstream(path) << line("core1", ed);
  KnownHosts known;
  ::chmod(path.c_str(), 0666);
  BOOST_CHECK_EXCEPTION(known.add_file(path), labctl::Error, [](const labctl::Error& error) {
    return error.kind() == labctl::Kind::refused &&
           error.line().find("others may write it") != std::string::npos;
  });
  BOOST_TEST(known.check("core1", 22, ed) == HostKeyVerdict::unknown);
  ::chmod(path.c_str(), 0644);
  known.add_file(path);
  BOOST_TEST(known.check("core1", 22, ed) == HostKeyVerdict::match);
}

BOOST_AUTO_TEST_CASE(authorities_comments_and_rubbish_are_passed_over) {
  const auto known =
      hosts("# core1 ssh-ed25519 AAAA\n@cert-authority core1 " + key_type(ed) + " " + encode_base64(ed) +
            "\n\ncore1\ncore1 ssh-ed25519 %%%%\n" + line("core1", other_ed));
  BOOST_TEST(known.check("core1", 22, other_ed) == HostKeyVerdict::match);
  BOOST_TEST(known.check("core1", 22, ed) == HostKeyVerdict::changed);
}

BOOST_AUTO_TEST_CASE(types_of_known_keys_come_in_file_order_once) {
  const auto known =
      hosts(line("core1", rsa) + line("core1", ed) + line("core1", other_ed) + line("core2", ed));
  const std::vector<std::string> expected{"ssh-rsa", "ssh-ed25519"};
  BOOST_TEST(known.key_types("core1", 22) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(patterns_match_as_in_ssh_config) {
  BOOST_TEST(match_pattern("core1.lab", "core?.*"));
  BOOST_TEST(!match_pattern("core12.lab", "core?.lab"));
  BOOST_TEST(match_pattern("", "*"));
  BOOST_TEST(!match_pattern("abc", "*b"));
  BOOST_TEST(match_pattern("aXbXc", "a*b*c"));
  BOOST_TEST(!match_pattern_list("core1", "!core1,*"));
}

BOOST_AUTO_TEST_SUITE_END()
