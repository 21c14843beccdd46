#include "cli/app/app_progress.hpp"

#include "cli/question.hpp"
#include "contract/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using cli::AppProgress;
using cluster::Happening;

namespace {

using Type = Happening::Type;
using Line = std::optional<std::string>;

const contract::AppName app = contract::app_name("https://h/a/foo", "master");

std::string record(const std::string& id) {
  contract::Record record;
  record.deploy_id = id;
  record.at.master = "core1";
  record.at.slave = "core2";
  return to_text(record);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_progress)

BOOST_AUTO_TEST_CASE(each_step_of_a_deployment_is_told_once) {
  AppProgress progress("deploy", {app}, false);
  const auto line = [&](Happening happening) { return progress.line(happening).value_or("-"); };
  BOOST_TEST(line({Type::fired, "", "id-2"}) == "fired deploy id-2");
  BOOST_TEST(progress.event_id() == "id-2");
  BOOST_TEST(line({Type::maintenance, "", {}}) == "-");
  BOOST_TEST(line({Type::app_key, "", record("id-1")}) == "-");
  BOOST_TEST(line({Type::maintenance, "", ""}) == "maintenance on");
  BOOST_TEST(line({Type::maintenance, "", ""}) == "-");
  BOOST_TEST(line({Type::app_key, "", "half a rec"}) == "-");
  BOOST_TEST(line({Type::app_key, "", record("id-2")}) == "published: master core1, slave core2");
  BOOST_TEST(line({Type::app_key, "", record("id-2")}) == "-");
  BOOST_TEST(line({Type::maintenance, "", {}}) == "maintenance off");
  BOOST_TEST(line({Type::docker, "core1", "container start x"}) == "-");
}

BOOST_AUTO_TEST_CASE(a_key_that_goes_is_told_but_not_one_that_was_never_there) {
  AppProgress progress("destroy", {app}, false);
  BOOST_TEST((progress.line({Type::app_key, "", {}}) == Line()));
  progress.line({Type::app_key, "", record("id-1")});
  BOOST_TEST((progress.line({Type::app_key, "", {}}) == Line("removed from the KV store")));
}

BOOST_AUTO_TEST_CASE(errors_of_handlers_are_told_with_their_node) {
  const std::string info = "2026-11-22\tINFO\t" + app.app + ": clone";
  const std::string error = "2026-11-22\tERROR\t" + app.app + ": git clone failed";
  const std::string other = "2026-11-22\tERROR\tbar_master.12345: git clone failed";
  AppProgress progress("deploy", {app}, false);
  BOOST_TEST((progress.line({Type::log_line, "core3", error}) == Line("core3 logged: " + error)));
  BOOST_TEST((progress.line({Type::log_line, "core3", info}) == Line()));
  const std::string warning = "2026-11-22\tWARNING\t" + app.app + ": CADDYFILE of service web: line 2: a tab";
  BOOST_TEST((progress.line({Type::log_line, "core3", warning}) == Line("core3 logged: " + warning)));
  const std::string closed =
      "2026-11-22\tWARNING\t" + app.app +
      ": for Caddy 2, http://shop.lab: 'ipfilter' is not known and may guard the site: "
      "/admin is closed (403)";
  BOOST_TEST((progress.line({Type::log_line, "core3", closed}) == Line("core3 logged: " + closed)));
  BOOST_TEST((progress.line({Type::log_line, "core3", other}) == Line()));
  AppProgress all("deploy", {app}, true);
  BOOST_TEST((all.line({Type::log_line, "core3", info}) == Line("core3 logged: " + info)));
  BOOST_TEST((all.line({Type::log_line, "core3", other}) == Line()));
}

BOOST_AUTO_TEST_CASE(only_yes_is_yes) {
  for (const char* yes : {"yes", "YES", "Yes", " yes \r"}) BOOST_TEST(cli::is_yes(yes), yes);
  for (const char* no : {"", "y", "no", "yess", "yes please", "oui"}) BOOST_TEST(!cli::is_yes(no), no);
}

BOOST_AUTO_TEST_SUITE_END()
