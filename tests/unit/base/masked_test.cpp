#include "base/masked.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(masking)

BOOST_AUTO_TEST_CASE(what_may_be_a_secret_is_replaced_and_the_rest_is_kept) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {"POSTGRES_PASSWORD=hunter2 PGHOST=db", "POSTGRES_PASSWORD=*** PGHOST=db"},
      {"export API_TOKEN='a b c' X=1", "export API_TOKEN=*** X=1"},
      {"{\"Name\": \"a\", \"dbPassword\" : \"x, y\", \"n\": 1}",
       "{\"Name\": \"a\", \"dbPassword\" : ***, \"n\": 1}"},
      {"secret_key: abc", "secret_key: ***"},
      {"GET /?user=bob&token=abc&x=1 HTTP/1.1", "GET /?user=bob&token=***&x=1 HTTP/1.1"},
      {"run --password hunter2 --name x", "run --password *** --name x"},
      {"run --password=hunter2 --name x", "run --password=*** --name x"},
      {"http_proxy=http://me:pw@proxy:3128/", "http_proxy=http://me:***@proxy:3128/"},
      {"https://ghp_abc@github.com/me/repo", "https://***@github.com/me/repo"},
      {"ssh://git@github.com/me/repo", "ssh://git@github.com/me/repo"},
      {"postgres://u:p@ss@db/x and http://ok/", "postgres://u:***@db/x and http://ok/"},
      {"Authorization: Basic dXNlcjpwdw==", "Authorization: Basic ***"},
      {"  user admin insecure-password hunter2", "  user admin insecure-password ***"},
      {"  stats auth admin:hunter2", "  stats auth admin:***"},
      {"basicauth /private bob hunter2", "basicauth ***"},
      {"\"site {\\n  basicauth bob hunter2\\n  gzip\\n}\"", "\"site {\\n  basicauth ***\\n  gzip\\n}\""},
      {"basic_auth {\n  bob $2a$14$x\n  eve abc\n}\nroot /x y",
       "basic_auth {\n  bob ***\n  eve ***\n}\nroot /x y"},
      {"a\n-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\nxyz=\n-----END OPENSSH PRIVATE KEY-----\nb",
       "a\n-----BEGIN OPENSSH PRIVATE KEY-----\n***\n***\n-----END OPENSSH PRIVATE KEY-----\nb"},
      {"server core1 10.0.0.1:80 check", "server core1 10.0.0.1:80 check"},
      {"2026-11-27T10:00:00Z INFO a key in app/x", "2026-11-27T10:00:00Z INFO a key in app/x"},
      {"password:", "password:"},
      {"TOKEN=", "TOKEN="},
      {"", ""},
  };
  for (const auto& row : rows) {
    BOOST_CHECK_EQUAL(masked(row.text), row.expected);
    BOOST_CHECK_EQUAL(masked(row.expected), row.expected);
  }
}

BOOST_AUTO_TEST_CASE(a_masked_text_is_not_changed_again_and_keeps_its_lines) {
  const std::string text = "a_token=x\n\npassword: \"y\nbasicauth {\n u p\nsecret='";
  const auto once = masked(text);
  BOOST_CHECK_EQUAL(masked(once), once);
  BOOST_CHECK_EQUAL(std::count(once.begin(), once.end(), '\n'), std::count(text.begin(), text.end(), '\n'));
}

BOOST_AUTO_TEST_SUITE_END()
