#include "cli/environment.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

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
        std::find_if(variables.begin(), variables.end(), [&](auto& v) { return v.name == name; });
    return found == variables.end() ? "" : found->value.value_or("unset");
  };
  BOOST_CHECK_EQUAL(value("CONSUL_HTTP_ADDR"), "[::1]:8501");
  BOOST_CHECK_EQUAL(value("DOCKER_HOST_CORE_1_LAB"), "unix:///x/core-1.lab.sock");
  BOOST_CHECK_EQUAL(value("DOCKER_HOST"), "unix:///x/core-1.lab.sock");
  BOOST_CHECK_EQUAL(value("LABCTL_INVENTORY"), "/i.yaml");
}

BOOST_AUTO_TEST_CASE(a_proxy_and_the_tls_of_another_engine_do_not_break_clients) {
  const auto inventory =
      inventory::parse("version: 1\nnodes: {core1: {address: a}}\nhosts: {service.lab: core1}\n", "/i.yaml");
  const auto beyond_the_usual = [&](std::map<std::string, std::string> set) {
    auto variables = environment_of(inventory, {}, [&](const char* name) -> const char* {
      const auto found = set.find(name);
      return found == set.end() ? nullptr : found->second.c_str();
    });
    const auto usual = environment_of(inventory);
    std::erase_if(variables,
                  [&](const auto& one) { return std::find(usual.begin(), usual.end(), one) != usual.end(); });
    return variables;
  };
  using Variables = std::vector<Variable>;
  BOOST_CHECK(beyond_the_usual({{"NO_PROXY", "x"}, {"http_proxy", ""}}).empty());
  const std::string hosts = "localhost,127.0.0.1,::1,service.lab";
  BOOST_CHECK((beyond_the_usual({{"HTTPS_PROXY", "http://p:3128"}}) ==
               Variables{{"no_proxy", hosts}, {"NO_PROXY", hosts}}));
  const std::string all = "x.lab,127.0.0.1,localhost,::1,service.lab";
  BOOST_CHECK((beyond_the_usual({{"http_proxy", "http://p:3128"}, {"NO_PROXY", "x.lab, 127.0.0.1"}}) ==
               Variables{{"no_proxy", all}, {"NO_PROXY", all}}));
  BOOST_CHECK(
      (beyond_the_usual({{"CONSUL_HTTP_SSL", "true"}}) == Variables{{"CONSUL_HTTP_SSL", std::nullopt}}));
  BOOST_CHECK((beyond_the_usual({{"DOCKER_TLS_VERIFY", "1"}, {"DOCKER_CERT_PATH", "/c"}}) ==
               Variables{{"DOCKER_TLS_VERIFY", std::nullopt}, {"DOCKER_CERT_PATH", std::nullopt}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
