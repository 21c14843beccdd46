#include "runner/every_step.hpp"

#include "base/error.hpp"
#include "runner/check.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace labctl;
using namespace labctl::runner;

namespace {

void not_right() { throw CheckFailed("nothing left", "a volume", "core1"); }
void unreachable() { throw Error(Kind::unreachable, "nobody answers", "core2"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(runner_every_step)

BOOST_AUTO_TEST_CASE(steps_that_go_well_run_in_their_order) {
  std::string ran;
  run_every({[&] { ran += "a"; }, [&] { ran += "b"; }});
  BOOST_TEST(ran == "ab");
}

BOOST_AUTO_TEST_CASE(every_step_runs_and_the_first_finding_is_thrown_with_the_others_in_its_words) {
  bool last = false;
  const auto seen_with_all = [](const CheckFailed& e) {
    return e.mismatch() == Mismatch{"nothing left",
                                    "a volume\nand then: core2: nobody answers\nand then: out of range",
                                    "core1"};
  };
  BOOST_CHECK_EXCEPTION(run_every({not_right, unreachable, [] { throw std::out_of_range("out of range"); },
                                   [&] { last = true; }}),
                        CheckFailed, seen_with_all);
  BOOST_TEST(last);
}

BOOST_AUTO_TEST_CASE(an_error_that_came_first_stays_an_error) {
  BOOST_CHECK_EXCEPTION(run_every({unreachable, not_right}), Error, [](const Error& e) {
    return e.kind() == Kind::unreachable && e.where() == "core2" &&
           std::string(e.what()) == "nobody answers\nand then: expected nothing left, seen a volume (core1)";
  });
}

BOOST_AUTO_TEST_CASE(an_interrupt_ends_it) {
  bool last = false;
  BOOST_CHECK_THROW(run_every({[] { throw Error(Kind::interrupted, "interrupted"); }, [&] { last = true; }}),
                    Error);
  BOOST_TEST(!last);
}

BOOST_AUTO_TEST_SUITE_END()
