#include "base/endpoint.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

#include <utility>

namespace labctl {

BOOST_AUTO_TEST_SUITE(endpoints)

BOOST_AUTO_TEST_CASE(an_endpoint_reads_back_as_it_was_written) {
  for (const std::string text : {"localhost:8500", "127.0.0.1:1", "[::1]:65535", "/var/run/docker.sock"}) {
    BOOST_CHECK_EQUAL(to_string(parse_endpoint(text)), text);
  }
  BOOST_CHECK(parse_endpoint("/a:80").is_unix_socket());
  BOOST_CHECK_EQUAL(parse_endpoint("[::1]:80").host, "::1");
}

BOOST_AUTO_TEST_CASE(a_url_has_the_scheme_of_its_kind) {
  BOOST_CHECK_EQUAL(url(parse_endpoint("[::1]:8500"), "http"), "http://[::1]:8500");
  BOOST_CHECK_EQUAL(url(parse_endpoint("/run/docker.sock"), "tcp"), "unix:///run/docker.sock");
}

BOOST_AUTO_TEST_CASE(what_is_no_endpoint_is_refused_with_the_reason) {
  const std::pair<const char*, const char*> bad[] = {
      {"", "no port"},
      {"localhost", "no port"},
      {":80", "no host"},
      {"a:0", "not between"},
      {"a:65536", "not between"},
      {"a:", "not between"},
      {"a:8o", "not between"},
      {"::1:80", "without brackets"},
      {"a b:80", "no valid host"},
      {"docker.sock", "no port"},
      {"/var/run/", "is a folder"},
  };
  for (const auto& [text, words] : bad) {
    const std::string expected = words;
    const auto says_so = [&](const Error& error) {
      return error.kind() == Kind::invalid && std::string(error.what()).find(expected) != std::string::npos;
    };
    BOOST_CHECK_EXCEPTION(parse_endpoint(text), Error, says_so);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl
