#include "contract/haproxy.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(haproxy)

BOOST_AUTO_TEST_CASE(the_example_of_the_contract_comes_out) {
  const auto merge = merge_haproxy({{"anyblok_ssh", "p_anyblok_ssh_1", R"(
sshanyblok:
  frontend:
    mode: tcp
    bind: ["*:2244"]
  backends:
    - name: anyssh
      use_backend_option: ""
      port: "22"
      peer_port: "2244"
)"}});
  BOOST_TEST(merge.config.dump() ==
             R"({"sshanyblok":{"frontend":{"mode":"tcp","bind":["*:2244"]},"backends":[{"name":"anyssh",)"
             R"("use_backend_option":"","port":"22","peer_port":"2244","ct":"p_anyblok_ssh_1"}]}})");
  BOOST_TEST(haproxy_problems(merge.config).empty());
}

BOOST_AUTO_TEST_CASE(numbers_stay_numbers_and_ct_is_overwritten) {
  const auto merge = merge_haproxy(
      {{"a", "p_a_1", R"({"http-in": {"backends": [{"port": 8080, "peer_port": 80, "ct": "mine"}]}})"}});
  BOOST_TEST(merge.config["http-in"]["backends"].dump() == R"([{"port":8080,"peer_port":80,"ct":"p_a_1"}])");
}

BOOST_AUTO_TEST_CASE(two_services_with_one_name_are_joined) {
  const auto merge = merge_haproxy(
      {{"a", "p_a_1",
        R"({"x": {"frontend": {"mode": "tcp", "bind": ["*:1"]}, "backends": [{"name": "a"}]}})"},
       {"b", "p_b_1", R"({"x": {"frontend": {"mode": "http", "bind": ["*:2", "*:1"], "options": ["o"]},
                          "backends": [{"name": "b"}]}})"}});
  BOOST_TEST(merge.config.dump() == R"({"x":{"frontend":{"mode":"tcp","bind":["*:1","*:2"],"options":["o"]},)"
                                    R"("backends":[{"name":"a","ct":"p_a_1"},{"name":"b","ct":"p_b_1"}]}})");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_yaml_is_ignored_with_a_warning) {
  const auto merge =
      merge_haproxy({{"a", "c", "{["}, {"b", "c", nlohmann::ordered_json::object()}, {"d", "c", nullptr}});
  BOOST_TEST(merge.config.empty());
  BOOST_TEST(merge.warnings.size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_the_contract_calls_a_failure_is_refused) {
  for (const char* text : {"", "[]", "text", R"({"x": {}})", R"({"x": 1})", R"({"x": {"backends": [1]}})"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_CHECK_THROW(merge_haproxy({{"a", "c", text}}), Error); }
  }
  BOOST_CHECK_THROW(merge_haproxy({{"a", "c", R"({"x": {"backends": []}})"},
                                   {"b", "c", R"({"x": {"frontend": {"bind": ["*:1"]}, "backends": []}})"}}),
                    Error);
}

BOOST_AUTO_TEST_CASE(what_would_keep_haproxy_from_loading_is_named) {
  const auto problems = [](const char* text) {
    return haproxy_problems(nlohmann::ordered_json::parse(text)).size();
  };
  BOOST_TEST(problems(R"({"x":{"backends":[]}})") == 1U);
  BOOST_TEST(problems(R"({"x":{"frontend":{"mode":"tcp","bind":[]},"backends":[]}})") == 1U);
  BOOST_TEST(problems(R"({"http-in":{"backends":[{"port":1}]}})") == 1U);
  BOOST_TEST(problems(R"({"http-in":{"backends":[{"port":1,"peer_port":"2","name":"a b"}]}})") == 1U);
  BOOST_TEST(problems(R"({"http-in":{"backends":[{"port":1,"peer_port":2,"options":["a\nb"]}]}})") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
