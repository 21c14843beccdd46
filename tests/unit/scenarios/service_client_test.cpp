#include "scenarios/service_client.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::scenarios;

BOOST_AUTO_TEST_SUITE(cluster_service)

BOOST_AUTO_TEST_CASE(ssh_tells_command_key_and_connection_apart) {
  using Outcome = SshAnswer::Outcome;
  BOOST_TEST((classify_ssh(0, "test ssh\n", "") == SshAnswer{Outcome::ran, 0, "test ssh\n", ""}));
  BOOST_TEST((classify_ssh(1, "", "cat: x: No such file\n").outcome == Outcome::ran));
  BOOST_TEST(
      (classify_ssh(255, "", "root@10.0.0.1: Permission denied (publickey).").outcome == Outcome::refused));
  BOOST_TEST((classify_ssh(255, "", "ssh: connect to host 10.0.0.1 port 2244: Connection refused").outcome ==
              Outcome::unreachable));
  BOOST_TEST(
      (classify_ssh(255, "", "kex_exchange_identification: Connection closed by remote host").outcome ==
       Outcome::unreachable));
}

BOOST_AUTO_TEST_CASE(only_a_list_of_records_proves_that_the_service_answers) {
  const auto reply = [](int status, const char* body) {
    http::Response response;
    response.status = status;
    response.body = body;
    return response;
  };
  BOOST_TEST(is_record_list(reply(200, R"([{"id":1,"name":"An example","content":null}])")));
  BOOST_TEST(is_record_list(reply(200, "[]")));
  BOOST_TEST(!is_record_list(reply(200, "<html>maintenance</html>")));
  BOOST_TEST(!is_record_list(reply(200, R"({"error":"x"})")));
  BOOST_TEST(!is_record_list(reply(200, R"([{"id":1}])")));
  BOOST_TEST(!is_record_list(reply(503, "[]")));
}

BOOST_AUTO_TEST_CASE(a_reply_is_told_in_one_short_line) {
  http::Response response;
  response.status = 503;
  response.body = "\n<html>\nmore\n";
  BOOST_TEST(brief(response) == "503: <html>");
  response.body = "";
  BOOST_TEST(brief(response) == "503: empty body");
  BOOST_TEST(answered_by(response).empty());
  response.headers["x-labctl-container"] = "0a1b2c3d4e5f";
  BOOST_TEST(answered_by(response) == "0a1b2c3d4e5f");
  BOOST_TEST(brief(response) == "503: empty body (from container 0a1b2c3d4e5f)");
}

BOOST_AUTO_TEST_SUITE_END()
