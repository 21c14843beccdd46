#include "runner/evidence.hpp"

#include "runs.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::runner;
using namespace labctl::runner::test;

namespace {

std::string reason(const std::string& error, const std::string& mark = "") {
  const auto text = reason_of(should("a", Verdict::errored, error), mark);
  const std::string before = "errored\n";
  return text.starts_with(before) ? text.substr(before.size()) : text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_evidence)

BOOST_AUTO_TEST_CASE(what_differs_from_run_to_run_is_taken_out) {
  BOOST_TEST(reason("app/x_masterk3x01.d9f3a", "k3x01") == "app/x_master.d9f3a");
  BOOST_TEST(reason("at 2026-11-24T10:11:12.345Z") == "at #");
  BOOST_TEST(reason("deployed 2026-11-22T140245.706922") == "deployed #");
  BOOST_TEST(reason("2026-11-24 10:11:12 ERROR") == "# ERROR");
  BOOST_TEST(reason("2026-11-24 ERROR") == "# ERROR");
  BOOST_TEST(reason("[10:11:12] no") == "[#] no");
  BOOST_TEST(reason("nothing after 4.2 s, 30ms, 150 s") == "nothing after #, #, #");
  BOOST_TEST(reason("container 4f5a6b7c8d9e") == "container #");
  BOOST_TEST(reason("127.0.0.1:34567") == "127.0.0.1:#");
  BOOST_TEST(reason("http://s1.service.lab/ http://s12.service.lab/") ==
             "http://service.lab/ http://service.lab/");
  BOOST_TEST(reason("caf\xc3\xa9 \xff") == "caf ");
}

BOOST_AUTO_TEST_CASE(what_tells_one_reason_from_another_stays) {
  for (const char* text : {"200", "404 on core1", "2 records", "core1 and core3", "defaced",
                           "feedbeef of app_2", "10:11", "s1", "s.", "12 seconds", "2026-11"}) {
    const std::string expected = std::string(text) == "2026-11" ? "#-11" : text;
    BOOST_TEST(reason(text) == expected);
  }
}

BOOST_AUTO_TEST_CASE(a_failed_check_and_an_error_are_different_reasons) {
  BOOST_TEST(reason_of(should("a", Verdict::failed, "x"), "") == "failed\n\na\nx\ncore1");
  BOOST_TEST(reason_of(should("a", Verdict::errored, "x"), "") == "errored\nx");
  BOOST_TEST(reason_of(should("a", Verdict::passed), "").empty());
}

BOOST_AUTO_TEST_SUITE_END()
