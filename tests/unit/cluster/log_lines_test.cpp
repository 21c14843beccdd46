#include "cluster/log_lines.hpp"

#include "support/sample_app.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::cluster;
using namespace labctl::contract;
using labctl::cluster::test::app;

namespace {

using Lines = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(cluster_log_lines)

BOOST_AUTO_TEST_CASE(an_error_line_is_about_an_app_if_it_names_the_app_or_the_event) {
  BOOST_TEST(is_error_about("2026-11-22\tERROR\t" + app.app + ": no such branch", app, "id-1"));
  BOOST_TEST(is_error_about("2026-11-22\tCRITICAL\tevent id-1 failed", app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tERROR\tUnknown event name: labctl-barrier-1", app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tINFO\tdeploying " + app.app, app, "id-1"));
  BOOST_TEST(!is_error_about("2026-11-22\tERROR\tsomething", app, ""));
  BOOST_TEST(!is_error_about(
      "2026-11-22\tDEBUG\tdocker-compose -p " + app.project + " printed: ERROR: no such image", app, "id-1"));
}

BOOST_AUTO_TEST_CASE(a_warning_about_the_app_is_one_of_level_warning_in_any_format) {
  for (const char* level : {"\tWARNING\t", " [warning] ", "\twarning\t"}) {
    BOOST_TEST(is_warning_about("2026-11-22" + std::string(level) + app.app + ": a tab", app, "id-1"));
    BOOST_TEST(!is_error_about("2026-11-22" + std::string(level) + app.app + ": a tab", app, "id-1"));
    BOOST_TEST(!is_warning_about("2026-11-22" + std::string(level) + "another: a tab", app, "id-1"));
  }
  BOOST_TEST(!is_warning_about("2026-11-22\tERROR\t" + app.app + ": no such branch", app, "id-1"));
}

BOOST_AUTO_TEST_CASE(lines_without_a_level_belong_to_the_message_before_them) {
  const Lines lines{"12:00\tERROR\tTraceback", "  in deploy", "ValueError: both are core1",
                    "12:01\tINFO\tnext",       "of next",     "12:02\terror\tlast"};
  BOOST_TEST(
      (error_messages(lines) ==
       Lines{"12:00\tERROR\tTraceback\n  in deploy\nValueError: both are core1", "12:02\terror\tlast"}));
}

BOOST_AUTO_TEST_CASE(of_many_lines_errors_and_those_about_the_app_are_told_first) {
  const Lines lines{"1\tINFO\t" + app.app, "2\tINFO\tother", "3\tERROR\tAborting!", "4\tINFO\tother",
                    "5\tINFO\tother"};
  BOOST_TEST((telling_lines(lines, {app}, "id-1", 2) == Lines{lines[0], lines[2]}));
  BOOST_TEST((telling_lines(lines, {app}, "id-1", 3) == Lines{lines[0], lines[2], lines[4]}));
  BOOST_TEST((telling_lines(lines, {app}, "id-1", 9) == lines));
}

BOOST_AUTO_TEST_SUITE_END()
