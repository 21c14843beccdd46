#include "doctor/rules/environment.hpp"

#include "doctor/probes.hpp"
#include "doctor/probes/keys.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(no_proxy_is_read_as_clients_read_it) {
  for (const auto* all : {"*", "localhost, 127.0.0.1", "127.0.0.0/8", "127.0.0.1:8500", "0.0.0.0/0"})
    BOOST_TEST(no_proxy_covers(all, "127.0.0.1"), all);
  for (const auto* all : {"", "localhost", "10.0.0.0/8", "127.0.0.1/40", "127.0.0.1/", "7.0.0.1", "/8"})
    BOOST_TEST(!no_proxy_covers(all, "127.0.0.1"), all);
  for (const auto* all : {".lab", "lab", "*.lab", "Service.Cluster.LAB", "cluster.lab:80"})
    BOOST_TEST(no_proxy_covers(all, "service.cluster.lab"), all);
  for (const auto* all : {"ab", "r.lab", "service", "x.service.cluster.lab"})
    BOOST_TEST(!no_proxy_covers(all, "service.cluster.lab"), all);
}

BOOST_AUTO_TEST_CASE(a_proxy_is_shown_without_its_password) {
  BOOST_TEST(without_secret("http://me:se@cret@proxy:3128/") == "http://proxy:3128/");
  BOOST_TEST(without_secret("me:secret@proxy") == "proxy");
  BOOST_TEST(without_secret("http://proxy:3128") == "http://proxy:3128");
}

BOOST_AUTO_TEST_CASE(a_hosts_file_is_read_with_its_comments_and_our_block) {
  const auto entries = read_hosts(
      "127.0.0.1\tlocalhost lo # 10.0.0.1 not\n#10.0.0.2 not\n\n10.0.0.3\n# labctl t: begin\n10.0.0.4 a.lab\n"
      "# labctl t: end\n# labctl other: begin\n10.0.0.5 b.lab\r\n",
      "t");
  BOOST_REQUIRE_EQUAL(entries.size(), 4u);
  BOOST_TEST(entries[0].address == "127.0.0.1");
  BOOST_TEST(entries[1].name == "lo");
  BOOST_TEST(!entries[1].ours);
  BOOST_TEST(entries[2].name == "a.lab");
  BOOST_TEST(entries[2].ours);
  BOOST_TEST(entries[3].name == "b.lab");
  BOOST_TEST(!entries[3].ours);
}

BOOST_AUTO_TEST_CASE(people_are_told_from_services) {
  const auto people = people_in(
      "root:x:0:0:root:/root:/bin/bash\nme:x:1000:1000::/home/me:/bin/bash\nann:x:1001:1001::/home/ann:/bin/"
      "zsh\n"
      "svc:x:1002:1002::/:/usr/sbin/nologin\nnobody:x:65534:65534::/:/bin/sh\nbad:x:abc:1::/:/bin/"
      "sh\n+::::::\n",
      1000);
  BOOST_REQUIRE_EQUAL(people.size(), 1u);
  BOOST_TEST(people[0] == "ann");
}

BOOST_AUTO_TEST_CASE(the_server_list_of_signature_algorithms_is_found_in_what_ssh_prints) {
  const auto found = signature_algorithms_in(
      "debug1: SSH2_MSG_EXT_INFO received\r\ndebug1: kex_input_ext_info: "
      "server-sig-algs=<ssh-ed25519,rsa-sha2-512>\r\n");
  BOOST_REQUIRE_EQUAL(found.size(), 2u);
  BOOST_TEST(found[1] == "rsa-sha2-512");
  BOOST_TEST(signature_algorithms_in("ssh: connect to host x: refused").empty());
  BOOST_TEST(signature_algorithms_in("server-sig-algs=<ssh-ed25519").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
