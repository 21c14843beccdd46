#include "tunnels/check.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::tunnels;

namespace {

std::string wrong(ForwardCheck check, const std::string& answer) {
  return judge_answer(check, answer).value_or("");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_of_answers)

BOOST_AUTO_TEST_CASE(a_leader_is_well) {
  BOOST_TEST(wrong(ForwardCheck::consul_leader, "HTTP/1.0 200 OK\r\nX: y\r\n\r\n\"10.0.0.1:8300\"\n") == "");
}

BOOST_AUTO_TEST_CASE(no_leader_is_told) {
  BOOST_TEST(wrong(ForwardCheck::consul_leader, "HTTP/1.0 200 OK\r\n\r\n\"\"") == "has no leader");
  BOOST_TEST(wrong(ForwardCheck::consul_leader, "HTTP/1.0 200 OK\r\n\r\n") == "has no leader");
}

BOOST_AUTO_TEST_CASE(an_http_error_is_told_with_its_first_line) {
  BOOST_TEST(wrong(ForwardCheck::consul_leader, "HTTP/1.1 500 Oops\r\n\r\nNo cluster leader\nmore") ==
             "answers status 500: No cluster leader");
  BOOST_TEST(wrong(ForwardCheck::docker_ping, "HTTP/1.1 503 Oops\r\n\r\n") == "answers status 503");
}

BOOST_AUTO_TEST_CASE(docker_says_ok) {
  BOOST_TEST(wrong(ForwardCheck::docker_ping, "HTTP/1.0 200 OK\r\n\r\nOK") == "");
  BOOST_TEST(wrong(ForwardCheck::docker_ping, "HTTP/1.0 200 OK\r\n\r\nHello") == "does not say OK to /_ping");
}

BOOST_AUTO_TEST_CASE(what_is_no_http_is_told) {
  BOOST_TEST(wrong(ForwardCheck::docker_ping, "SSH-2.0-OpenSSH\r\n") == "does not speak HTTP");
  BOOST_TEST(wrong(ForwardCheck::docker_ping, "") == "does not speak HTTP");
}

BOOST_AUTO_TEST_SUITE_END()
