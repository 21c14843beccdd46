#include "runner/activity_recorder.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::runner;
using namespace std::chrono_literals;
using cluster::Happening;
using Type = cluster::Happening::Type;
using What = Activity::Kind;

namespace {

// A recorder and a clock that the test sets.
struct Recorded {
  explicit Recorded(const std::string& mark) : recorder({}, mark) {}

  void at(std::chrono::milliseconds time, Type type, const std::string& node,
          std::optional<std::string> value) {
    recorder.note({type, node, std::move(value)}, ActivityRecorder::Clock::time_point(time));
  }

  ActivityRecorder recorder;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_activity_recorder)

BOOST_AUTO_TEST_CASE(a_handler_works_from_taking_the_event_to_its_last_line_about_it) {
  Recorded seen("k3x01");
  seen.at(100ms, Type::fired, "", "event-1");
  seen.at(150ms, Type::event_taken, "core1", "event-1");
  seen.at(160ms, Type::event_taken, "core1", "of-another");
  seen.at(200ms, Type::log_line, "core1", "INFO deploy a_masterk3x01.89b06");
  seen.at(900ms, Type::log_line, "core1", "INFO event event-1 handled");
  seen.at(950ms, Type::log_line, "core1", "INFO deploy a_masterk3x02.89b06");
  seen.at(1000ms, Type::log_line, "core1", "WARNING unknown event labctl-barrier-12 of a_masterk3x01.89b06");
  seen.at(1000ms, Type::event_done, "core1", "event-1");
  seen.at(1000ms, Type::event_done, "core1", "of-another");
  seen.at(1100ms, Type::log_line, "core1", "INFO a late line about a_masterk3x01.89b06");
  const std::vector<Activity> expected{{What::event, "", "event-1", 100ms, 0ms, true},
                                       {What::handler, "core1", "event-1", 150ms, 750ms, true}};
  BOOST_TEST((seen.recorder.activities() == expected));
  const auto logs = seen.recorder.logs();
  BOOST_REQUIRE(logs.size() == 1U);
  BOOST_TEST(logs[0].name == "handler's log on core1");
  BOOST_TEST(logs[0].text ==
             "INFO deploy a_masterk3x01.89b06\nINFO event event-1 handled\nINFO a late line about "
             "a_masterk3x01.89b06");
}

BOOST_AUTO_TEST_CASE(work_without_a_seen_end_is_marked) {
  Recorded seen("");
  seen.at(100ms, Type::fired, "", "event-1");
  seen.at(150ms, Type::event_taken, "core1", "event-1");
  seen.at(200ms, Type::log_line, "core1", "any line");
  const auto all = seen.recorder.activities();
  BOOST_REQUIRE(all.size() == 2U);
  BOOST_TEST(!all[1].ended);
  BOOST_TEST((all[1].took == 50ms));
}

BOOST_AUTO_TEST_CASE(a_maintenance_window_lasts_while_its_key_is_there) {
  Recorded seen("");
  seen.at(1ms, Type::maintenance, "", std::nullopt);
  seen.at(100ms, Type::maintenance, "", "");
  seen.at(200ms, Type::maintenance, "", "");
  seen.at(300ms, Type::maintenance, "", std::nullopt);
  seen.at(400ms, Type::maintenance, "", "");
  const std::vector<Activity> expected{{What::maintenance, "", "", 100ms, 200ms, true},
                                       {What::maintenance, "", "", 400ms, 0ms, false}};
  BOOST_TEST((seen.recorder.activities() == expected));
}

BOOST_AUTO_TEST_CASE(only_the_last_lines_of_a_log_are_kept) {
  Recorded seen("");
  for (int i = 0; i < 300; ++i) seen.at(1ms, Type::log_line, "core1", "line " + std::to_string(i));
  const auto text = seen.recorder.logs().at(0).text;
  BOOST_TEST(text.starts_with("line 100\n"));
  BOOST_TEST(text.ends_with("\nline 299"));
}

BOOST_AUTO_TEST_SUITE_END()
