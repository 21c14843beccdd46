#include "agent/marks.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(marks)

BOOST_AUTO_TEST_CASE(a_mark_reads_back) {
  const Mark mark = parse_mark(to_text({"E", {{"p_v", "p_v@2026"}}}));
  BOOST_TEST(mark.event_id == "E");
  BOOST_TEST(mark.snapshots.at("p_v") == "p_v@2026");
}

BOOST_AUTO_TEST_CASE(other_handlers_write_no_value_and_operators_anything) {
  for (const char* value : {"", "x", "5", "[]", "{}", R"({"event":5})"}) {
    BOOST_TEST(parse_mark(value).event_id == "");
    BOOST_TEST((judge("success", parse_mark(value), "E") == Verdict::go));
    BOOST_TEST((judge("go-on-please", parse_mark(value), "E") == Verdict::go));
    BOOST_TEST((judge("failure", parse_mark(value), "E") == Verdict::stop));
  }
}

BOOST_AUTO_TEST_CASE(a_mark_of_another_event_is_stale) {
  BOOST_TEST((judge("success", {"D", {}}, "E") == Verdict::stale));
  BOOST_TEST((judge("failure", {"D", {}}, "E") == Verdict::stale));
  BOOST_TEST((judge("success", {"E", {}}, "E") == Verdict::go));
  BOOST_TEST((judge("failure", {"E", {}}, "E") == Verdict::stop));
}

BOOST_AUTO_TEST_SUITE_END()
