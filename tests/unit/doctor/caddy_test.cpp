#include "doctor/probes/caddy.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {
namespace {

std::optional<CaddyCommand> started_by(const std::string& line) {
  return caddy_command({"PID", "COMMAND"}, {{"1", "/usr/bin/tini -- " + line}, {"7", line}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(caddy)

BOOST_AUTO_TEST_CASE(a_caddy_is_known_by_its_command_line) {
  auto command = started_by("caddy run --config /etc/caddy/Caddyfile.v2 --adapter caddyfile");
  BOOST_REQUIRE(command);
  BOOST_TEST(command->version == 2);
  BOOST_TEST(command->file == "/etc/caddy/Caddyfile.v2");
  BOOST_TEST(command->adapter == "caddyfile");
  command = started_by("/usr/bin/caddy run --environ --config=/etc/caddy/caddy.json");
  BOOST_REQUIRE(command);
  BOOST_TEST(command->file == "/etc/caddy/caddy.json");
  BOOST_TEST(command->adapter == "");
  command = started_by("/usr/bin/caddy --conf /etc/Caddyfile --log stdout --agree=true");
  BOOST_REQUIRE(command);
  BOOST_TEST(command->version == 1);
  BOOST_TEST(command->file == "/etc/Caddyfile");
}

BOOST_AUTO_TEST_CASE(a_caddy_that_resumes_has_no_file) {
  const auto command = started_by("caddy run --config /etc/caddy/Caddyfile --resume");
  BOOST_REQUIRE(command);
  BOOST_TEST(command->file == "");
}

BOOST_AUTO_TEST_CASE(another_program_is_no_caddy) {
  BOOST_TEST(!started_by("nginx -c /etc/caddy"));
  BOOST_TEST(!caddy_command({"PID"}, {{"1"}}));
  BOOST_TEST(!caddy_command({"PID", "COMMAND"}, {{"1"}, {"2", ""}}));
}

BOOST_AUTO_TEST_CASE(a_key_is_found_as_a_whole_word) {
  const std::string file = "http://shop.lab, http://www.shop.lab {\n    proxy / http://shop:80\n}\n";
  BOOST_TEST(keys_without_site(file, {"http://shop.lab", "http://www.shop.lab"}).empty());
  BOOST_TEST(keys_without_site(file, {"http://shop", "shop.lab", "http://shop.lab/x"}).size() == 3u);
  BOOST_TEST(keys_without_site("", {"http://shop.lab"}).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
