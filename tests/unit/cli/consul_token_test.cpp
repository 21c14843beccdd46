#include "cli/consul_token.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "inventory/write.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <string>
#include <string_view>

namespace labctl::cli {
namespace {

std::string token_of(const std::map<std::string, std::string>& set) {
  return consul_token([&](const char* name) -> const char* {
           const auto found = set.find(name);
           return found == set.end() ? nullptr : found->second.c_str();
         })
      .reveal();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(consul_tokens)

BOOST_AUTO_TEST_CASE(the_file_comes_before_the_value_as_in_hashicorps_programs) {
  const test::TempDir folder;
  const auto file = (folder.path() / "token").string();
  BOOST_TEST(token_of({}) == "");
  BOOST_TEST(token_of({{"CONSUL_HTTP_TOKEN", "t-1"}}) == "t-1");
  write_file(file, " t-2\n", 0600);
  BOOST_TEST(token_of({{"CONSUL_HTTP_TOKEN", "t-1"}, {"CONSUL_HTTP_TOKEN_FILE", file}}) == "t-2");
  write_file(file, "\n", 0600);
  BOOST_TEST(token_of({{"CONSUL_HTTP_TOKEN", "t-1"}, {"CONSUL_HTTP_TOKEN_FILE", file}}) == "t-1");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_an_error_with_its_name) {
  BOOST_CHECK_EXCEPTION(
      token_of({{"CONSUL_HTTP_TOKEN_FILE", "/no/such/file"}}), Error,
      [](const Error& error) { return error.line().find("/no/such/file") != std::string::npos; });
}

BOOST_AUTO_TEST_CASE(a_token_that_would_begin_another_header_is_refused_and_not_shown) {
  for (const std::string wrong : {"t-1\r\nHost: x", "t-1 t-2", "t-1\x7f"}) {
    BOOST_CHECK_EXCEPTION(token_of({{"CONSUL_HTTP_TOKEN", wrong}}), Error, [](const Error& error) {
      return error.kind() == Kind::invalid && error.line().find("t-1") == std::string::npos &&
             error.line().find("CONSUL_HTTP_TOKEN") != std::string::npos;
    });
  }
}

BOOST_AUTO_TEST_CASE(an_inventory_is_written_without_its_token) {
  const auto inventory = with_consul_token(
      inventory::parse("version: 1\nnodes: {core1: {address: a}}\n", "/i.yaml"),
      [](const char* name) { return std::string_view(name) == "CONSUL_HTTP_TOKEN" ? "t-secret" : nullptr; });
  BOOST_TEST(inventory.consul_token.reveal() == "t-secret");
  BOOST_TEST(inventory::to_json(inventory).find("t-secret") == std::string::npos);
  BOOST_TEST(inventory::to_yaml(inventory).find("t-secret") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
