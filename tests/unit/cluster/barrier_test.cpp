#include "cluster/barrier.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::cluster;
using namespace std::chrono_literals;

namespace {

using Names = std::vector<std::string>;

// Two nodes, one app; the test sets the time.
struct Watched {
  Barrier::Clock::time_point now = Barrier::Clock::now();
  Barrier barrier{{"core1", "core2"}, 1, "event", now};
  int shots = 0;

  // Fires what is due; returns the nodes.
  Names fire() {
    Names nodes;
    for (const auto& due : barrier.due(now)) {
      ++shots;
      barrier.fired(due, name(), id(), now);
      nodes = due.nodes;
    }
    return nodes;
  }
  std::string name() const { return "shot-" + std::to_string(shots) + "."; }
  std::string id() const { return "id-" + std::to_string(shots); }
  void answer(const std::string& node) { barrier.logged(node, "Unknown event name: " + name(), true, now); }
  void take_and_answer(const std::string& node) {
    barrier.taken(node, id());
    answer(node);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(cluster_barrier, Watched)

BOOST_AUTO_TEST_CASE(one_shot_is_fired_to_all_when_all_took_the_event) {
  BOOST_TEST(fire().empty());
  barrier.taken("core1", "event");
  BOOST_TEST(fire().empty());
  barrier.taken("core2", "event");
  BOOST_TEST((fire() == Names{"core1", "core2"}));
  take_and_answer("core1");
  BOOST_TEST((barrier.waiting() == Names{"core2"}));
  take_and_answer("core2");
  BOOST_TEST(barrier.through());
}

BOOST_AUTO_TEST_CASE(a_node_that_is_late_to_take_the_event_keeps_nobody_waiting) {
  barrier.taken("core1", "event");
  now += 1s;
  BOOST_TEST((fire() == Names{"core1"}));
  barrier.taken("core2", "event");
  BOOST_TEST((fire() == Names{"core2"}));
}

BOOST_AUTO_TEST_CASE(an_answer_to_a_shot_that_overtook_the_event_proves_nothing) {
  now += 5s;
  BOOST_TEST((fire() == Names{"core1", "core2"}));
  for (const std::string node : {"core1", "core2"}) take_and_answer(node);
  BOOST_TEST(!barrier.through());
  for (const std::string node : {"core1", "core2"}) barrier.taken(node, "event");
  now += 1s;
  BOOST_TEST((fire() == Names{"core1", "core2"}));
  // An answer counts only when its position in events.log is known.
  answer("core1");
  answer("core2");
  BOOST_TEST(!barrier.through());
  barrier.taken("core1", id());
  barrier.taken("core2", id());
  BOOST_TEST(barrier.through());
}

BOOST_AUTO_TEST_CASE(a_lost_shot_is_fired_anew_to_its_node_with_growing_pauses) {
  for (const std::string node : {"core1", "core2"}) barrier.taken(node, "event");
  fire();
  take_and_answer("core1");
  int fired = 0;
  for (const auto end = now + 150s; now < end; now += 100ms) {
    const auto nodes = fire();
    if (nodes.empty()) continue;
    BOOST_TEST((nodes == Names{"core2"}));
    ++fired;
  }
  BOOST_TEST(fired > 5);
  BOOST_TEST(fired < 20);
}

BOOST_AUTO_TEST_CASE(a_shot_that_was_taken_is_given_time) {
  for (const std::string node : {"core1", "core2"}) barrier.taken(node, "event");
  fire();
  for (const std::string node : {"core1", "core2"}) barrier.taken(node, id());
  now += 20s;
  BOOST_TEST(fire().empty());
  BOOST_TEST((barrier.next_due() > now));
  now += 20s;
  BOOST_TEST((fire() == Names{"core1", "core2"}));
}

BOOST_AUTO_TEST_CASE(an_error_that_a_node_logs_brings_its_next_shot_forward) {
  for (const std::string node : {"core1", "core2"}) barrier.taken(node, "event");
  fire();
  barrier.logged("core2", "cannot clone", true, now);
  now += 600ms;
  BOOST_TEST((fire() == Names{"core2"}));
  now += 600ms;
  BOOST_TEST(fire().empty());
}

BOOST_AUTO_TEST_CASE(a_node_that_answers_later_events_only_never_took_this_one) {
  barrier.taken("core1", "event");
  fire();
  for (int i = 0; i < 200; ++i, now += 100ms) {
    if (fire().empty()) continue;
    for (const std::string node : {"core1", "core2"}) take_and_answer(node);
  }
  BOOST_TEST(barrier.through());
  BOOST_TEST((barrier.without_event() == Names{"core2"}));
}

BOOST_AUTO_TEST_CASE(each_app_of_an_event_has_its_own_shots) {
  Barrier two({"core1"}, 2, "event", now);
  two.taken("core1", "event");
  const auto due = two.due(now);
  BOOST_REQUIRE(due.size() == 2);
  two.fired(due[0], "first.", "id-1", now);
  two.fired(due[1], "second.", "id-2", now);
  two.taken("core1", "id-1");
  two.taken("core1", "id-2");
  two.logged("core1", "Unknown event name: first.", true, now);
  BOOST_TEST(!two.through());
  two.logged("core1", "Unknown event name: second.", true, now);
  BOOST_TEST(two.through());
}

BOOST_AUTO_TEST_CASE(without_an_event_every_answer_counts) {
  Barrier settling({"core1"}, 1, "", now);
  const auto due = settling.due(now);
  BOOST_REQUIRE(due.size() == 1);
  settling.fired(due[0], "shot.", "id-1", now);
  settling.logged("core1", "Unknown event name: shot.", true, now);
  BOOST_TEST(settling.through());
}

BOOST_AUTO_TEST_SUITE_END()
