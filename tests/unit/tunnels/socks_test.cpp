#include "tunnels/socks.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace labctl;
using namespace labctl::tunnels;
using namespace std::string_literals;

namespace {

using State = SocksReader::State;

// Feeds `text` in the pieces that the reader wants.
struct Dialogue {
  explicit Dialogue(std::string text) : rest(std::move(text)) {
    while (reader.state() == State::reading && reader.wanted() <= rest.size()) {
      const auto bytes = rest.substr(0, reader.wanted());
      rest.erase(0, reader.wanted());
      answers += reader.take(bytes);
    }
  }

  SocksReader reader;
  std::string answers;
  std::string rest;  // not taken
};

const std::string greeting = "\x05\x01\x00"s;
const std::string accepted = "\x05\x00"s;

std::string reply(char code) { return "\x05"s + code + "\0\x01\0\0\0\0\0\0"s; }

}  // namespace

BOOST_AUTO_TEST_SUITE(socks)

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_read) {
  const Dialogue one(greeting + "\x05\x01\0\x01\x7f\0\0\x01\x1f\x90"s);
  BOOST_TEST((one.reader.state() == State::ready));
  BOOST_TEST(to_string(one.reader.target()) == "127.0.0.1:8080");
  BOOST_TEST(one.answers == accepted);
}

BOOST_AUTO_TEST_CASE(an_ipv6_address_is_read) {
  const Dialogue one(greeting + "\x05\x01\0\x04"s + std::string(15, '\0') + "\x01\x01\xbb"s);
  BOOST_TEST(to_string(one.reader.target()) == "[::1]:443");
}

BOOST_AUTO_TEST_CASE(a_name_is_read_as_it_was_written) {
  const Dialogue one(greeting + "\x05\x01\0\x03\x0bWeb.Lab.com\0\x50"s);
  BOOST_TEST(to_string(one.reader.target()) == "Web.Lab.com:80");
}

BOOST_AUTO_TEST_CASE(data_behind_the_request_is_left_alone) {
  const Dialogue one(greeting + "\x05\x01\0\x03\x01x\0\x50GET / HTTP/1.0"s);
  BOOST_TEST((one.reader.state() == State::ready));
  BOOST_TEST(one.rest == "GET / HTTP/1.0");
}

BOOST_AUTO_TEST_CASE(no_authentication_may_be_any_of_the_methods) {
  BOOST_TEST(Dialogue("\x05\x03\x02\x01\x00"s).answers == accepted);
}

BOOST_AUTO_TEST_CASE(a_client_that_insists_on_a_password_is_refused) {
  const Dialogue one("\x05\x01\x02"s);
  BOOST_TEST((one.reader.state() == State::refused));
  BOOST_TEST(one.answers == "\x05\xff");
  BOOST_TEST(one.reader.problem() == "insists on authentication");
  BOOST_TEST(Dialogue("\x05\x00"s).answers == "\x05\xff");
}

BOOST_AUTO_TEST_CASE(bind_and_udp_are_not_supported) {
  const std::string address = "\0\x01\x7f\0\0\x01\x1f\x90"s;
  for (const char command : {'\x02', '\x03', '\x09'}) {
    const Dialogue one(greeting + "\x05"s + command + address);
    BOOST_TEST((one.reader.state() == State::refused));
    BOOST_TEST(one.answers == accepted + reply('\x07'));
  }
  BOOST_TEST(Dialogue(greeting + "\x05\x02"s + address).reader.problem() ==
             "asks for BIND, which is not supported");
}

BOOST_AUTO_TEST_CASE(an_unknown_address_type_has_its_own_code) {
  const Dialogue one(greeting + "\x05\x01\0\x02"s);
  BOOST_TEST(one.answers == accepted + reply('\x08'));
}

BOOST_AUTO_TEST_CASE(a_host_that_cannot_be_is_refused) {
  const std::string connect = greeting + "\x05\x01\0\x03"s;
  for (const std::string& address : {"\0\0\x50"s, "\x01 \0\x50"s,
                                     "\x03"
                                     "a\0b\0\x50"s,
                                     "\x01x\0\0"s}) {
    const Dialogue one(connect + address);
    BOOST_TEST((one.reader.state() == State::refused));
    BOOST_TEST(one.answers == accepted + reply('\x01'));
  }
}

BOOST_AUTO_TEST_CASE(other_protocols_are_named) {
  const Dialogue four("\x04\x01"s);
  BOOST_TEST(four.reader.problem() == "speaks SOCKS4 instead of SOCKS5");
  BOOST_TEST(four.answers == "\0\x5b\0\0\0\0\0\0"s);
  const Dialogue http("GET http://x/ HTTP/1.1\r\n");
  BOOST_TEST(http.reader.problem() == "does not speak SOCKS5");
  BOOST_TEST(http.answers.empty());
  BOOST_TEST((Dialogue(greeting + "\x04\x01\0\x01"s).reader.state() == State::refused));
}

BOOST_AUTO_TEST_CASE(each_failure_has_its_code) {
  BOOST_TEST((reply_to(ssh::Cause::forwarding_denied) == SocksReply::not_allowed));
  BOOST_TEST((reply_to(ssh::Cause::target_refused) == SocksReply::connection_refused));
  BOOST_TEST((reply_to(ssh::Cause::target_unreachable) == SocksReply::host_unreachable));
  BOOST_TEST((reply_to(ssh::Cause::target_no_answer) == SocksReply::host_unreachable));
  BOOST_TEST((reply_to(ssh::Cause::lost) == SocksReply::general_failure));
  BOOST_TEST(socks_reply(SocksReply::succeeded) == reply('\0'));
}

BOOST_AUTO_TEST_CASE(names_are_compared_without_case_and_final_dot) {
  BOOST_TEST(plain_host("Service.Cluster.LAB.") == "service.cluster.lab");
  BOOST_TEST(plain_host("").empty());
}

BOOST_AUTO_TEST_SUITE_END()
