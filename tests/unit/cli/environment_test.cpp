#include "cli/environment.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace labctl::cli {

BOOST_AUTO_TEST_SUITE(environments)

BOOST_AUTO_TEST_CASE(names_become_variables_and_ends_become_urls) {
  const auto inventory = inventory::parse(
      "version: 1\nnodes: {core-1.lab: {address: a}}\nconsul: {local: \"[::1]:8501\"}\ndocker: {local: "
      "\"/x/{node}.sock\"}\n",
      "/i.yaml");
  const auto variables = environment_of(inventory, "core-1.lab");
  const auto value = [&](const std::string& name) {
    const auto found =
        std::find_if(variables.begin(), variables.end(), [&](auto& v) { return v.first == name; });
    return found == variables.end() ? "" : found->second;
  };
  BOOST_CHECK_EQUAL(value("CONSUL_HTTP_ADDR"), "http://[::1]:8501");
  BOOST_CHECK_EQUAL(value("DOCKER_HOST_CORE_1_LAB"), "unix:///x/core-1.lab.sock");
  BOOST_CHECK_EQUAL(value("DOCKER_HOST"), "unix:///x/core-1.lab.sock");
  BOOST_CHECK_EQUAL(value("LABCTL_INVENTORY"), "/i.yaml");
}

BOOST_AUTO_TEST_CASE(a_quote_cannot_end_the_shells_word) {
  BOOST_CHECK_EQUAL(shell_quoted("it's"), "'it'\\''s'");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
