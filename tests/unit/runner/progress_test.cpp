#include "runner/progress.hpp"

#include "fake.hpp"
#include "page.hpp"
#include "runner/console.hpp"
#include "runs.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>

using namespace labctl::runner;
using namespace labctl::runner::test;
using namespace std::chrono_literals;

namespace {

// A clock that the test sets; the thread of Progress reads it too.
struct Hand {
  std::atomic<int> seconds = 0;
  Progress::Now now() {
    return [this] { return Progress::Clock::time_point(std::chrono::seconds(seconds)); };
  }
};

// What is on the screen now: the text after the last time that the status was drawn over.
std::string last_status(const std::string& text) {
  const auto begin = text.rfind("\r\033[");
  auto last = begin == std::string::npos ? text : text.substr(begin + 2);
  std::string plain;
  for (std::size_t i = 0; i < last.size(); ++i) {
    if (last[i] == '\033') {
      i += 2;  // "\033[K", "\033[J"
    } else {
      plain += last[i];
    }
  }
  return plain;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_progress)

BOOST_AUTO_TEST_CASE(a_terminal_shows_what_every_job_does_and_since_when) {
  Page page;
  Screen screen(page.file.get(), page.file.get());
  Console console(screen, {});
  Hand hand;
  const ExpectedTimes nothing;
  Progress progress(console, screen, nothing, hand.now());
  const Scenario first = fake("first"), second = fake("second-one").should("a", pass);
  const std::vector<Planned> plan{{&first, 1}, {&second, 1}, {&first, 2}};
  progress.plan({plan, {}, 2, "as asked for", 41});
  const Running one{first, 1, 1, ""}, two{second, 1, 2, ""};
  progress.scenario_begins(one);
  progress.step_begins(one, Phase::given, first.given);
  progress.scenario_begins(two);
  hand.seconds = 4;
  progress.step_begins(two, Phase::should, second.shoulds[0]);
  hand.seconds = 5;
  progress.step_begins(two, Phase::should, second.shoulds[1]);
  auto status = last_status(page.text());
  BOOST_TEST(
      status.find("  first       given    a given" + std::string(42, ' ') + "    5 s\n") != std::string::npos,
      status);
  BOOST_TEST(
      status.find("  second-one  should 2/2 a" + std::string(46, ' ') + "    0 s\n") != std::string::npos,
      status);
  BOOST_TEST(status.ends_with("  0 of 3 ended, 5 s"), status);

  progress.scenario_ends(one, ran("first", {should("hold", Verdict::passed)}));
  status = last_status(page.text());
  BOOST_TEST(status.find("first") == std::string::npos, status);
  BOOST_TEST(status.ends_with("  1 of 3 ended, 5 s"), status);
  BOOST_TEST(page.text().find("✓ first ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_time_left_is_estimated_from_the_last_run) {
  Page page;
  Screen screen(page.file.get(), page.file.get());
  Console console(screen, {});
  Hand hand;
  auto last = ran("first", {});
  last.took = 30s;
  const ExpectedTimes times(run_of({last}));
  Progress progress(console, screen, times, hand.now());
  const Scenario first = fake("first"), second = fake("second");
  const std::vector<Planned> plan{{&first, 1}, {&second, 1}, {&first, 2}};
  progress.plan({plan, {}, 1, "as asked for", 41});
  hand.seconds = 10;
  progress.scenario_begins({first, 1, 1, ""});
  hand.seconds = 20;
  progress.step_begins({first, 1, 1, ""}, Phase::given, first.given);
  BOOST_TEST(last_status(page.text())
                 .ends_with("0 of 3 ended, 20 s, at least 50 s left, 1 scenario without a known time"));
}

BOOST_AUTO_TEST_CASE(the_status_lives_on_without_an_event_and_ends_before_the_summary) {
  Page page;
  Screen screen(page.file.get());
  Console console(screen, {});
  std::mutex mutex;
  std::condition_variable changed;
  int asked = 0;
  const ExpectedTimes nothing;
  Progress progress(console, screen, nothing, [&] {
    const std::lock_guard lock(mutex);
    ++asked;
    changed.notify_all();
    return Progress::Clock::time_point{};
  });
  progress.plan({{}, {}, 1, "", 1});
  {
    std::unique_lock lock(mutex);
    const int before = asked;
    BOOST_TEST(changed.wait_for(lock, 20s, [&] { return asked > before; }));
  }
  progress.summary(run_of({}), "");
  BOOST_TEST(page.text().ends_with(
      "0 scenarios, 0 shoulds: 0 passed, 0 failed                                 0.0 s\n"));
}

BOOST_AUTO_TEST_SUITE_END()
