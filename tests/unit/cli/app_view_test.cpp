#include "cli/app/app_view.hpp"

#include "contract/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::cli;

namespace {

operate::AppState state() {
  operate::AppState state;
  contract::Record record;
  record.repo_url = "https://h/a/foo";
  record.branch = "master";
  record.at.master = "core1";
  record.deploy_date = "2026-11-22T140245.706922";
  record.domains = {"foo.lab", "www.foo.lab"};
  state.entry = operate::app_entry("app/foo_master.12345", to_text(record));
  return state;
}

consul::HealthCheck check(const std::string& status, const std::string& output) {
  return {"core1", "service:foo:1", "foo", status, output};
}

bool holds(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_view)

BOOST_AUTO_TEST_CASE(the_worst_check_is_an_apps_health) {
  using operate::health;
  BOOST_TEST(health({}) == "none");
  BOOST_TEST(health({check("passing", "")}) == "passing");
  BOOST_TEST(health({check("passing", ""), check("warning", "")}) == "warning");
  BOOST_TEST(health({check("critical", ""), check("warning", ""), check("passing", "")}) == "critical");
  BOOST_TEST(health({check("maintenance", ""), check("passing", "")}) == "maintenance");
}

BOOST_AUTO_TEST_CASE(the_list_shows_an_app_a_line_and_why_it_is_not_well) {
  auto ill = state();
  ill.maintenance = true;
  ill.checks = {check("passing", "fine"),
                check("critical", "HTTP GET http://foo.lab: 503\r\n<html>\x1b[31m")};
  operate::AppState foreign;
  foreign.entry = operate::app_entry("app/theirs", "[1]");
  foreign.checks = {check("critical", "")};
  const auto table = app_table({ill, foreign});
  BOOST_TEST(holds(table,
                   "APP               MASTER  SLAVE  DEPLOYED             MAINTENANCE  HEALTH\n"
                   "  DOMAINS\n"
                   "foo_master.12345  core1   -      2026-11-22 14:02:45  on           critical\n"
                   "  foo.lab, www.foo.lab\n"
                   "    critical on core1: HTTP GET http://foo.lab: 503  <html> [31m\n"
                   "theirs  malformed entry: not a JSON object\n"
                   "    critical on core1: not run yet\n"),
             table);
  BOOST_TEST(!holds(table, "fine"));
}

BOOST_AUTO_TEST_CASE(json_has_the_same_and_every_check) {
  auto ill = state();
  ill.checks = {check("passing", "fine")};
  const auto json = to_json(ill);
  BOOST_TEST(json.at("app") == "foo_master.12345");
  BOOST_TEST(json.at("slave").is_null());
  BOOST_TEST(json.at("health") == "passing");
  BOOST_TEST(json.at("maintenance") == false);
  BOOST_TEST(json.at("checks").at(0).at("output") == "fine");
  operate::AppState foreign;
  foreign.entry = operate::app_entry("app/theirs", "");
  BOOST_TEST(to_json(foreign).at("malformed") == "not JSON");
}

BOOST_AUTO_TEST_CASE(what_could_not_be_looked_at_is_not_shown_as_nothing) {
  NodeView here, there, empty;
  here.node = "core1";
  here.containers = {"foomaster12345_web_1  running healthy  web:1"};
  there.node = "core2";
  there.errors = {"snapshots: core2: nobody answers"};
  empty.node = "core3";
  const auto page = app_page(state(), {}, {here, there, empty});
  BOOST_TEST(holds(page, "core1\n  container  foomaster12345_web_1  running healthy  web:1\n"), page);
  BOOST_TEST(holds(page, "core2\n  not seen   snapshots: core2: nobody answers\n"), page);
  BOOST_TEST(holds(page, "core3         nothing\n"), page);
  const auto json = to_json(state(), {}, {here, there});
  BOOST_TEST(json.at("nodes").at("core2").at("errors").size() == 1);
  BOOST_TEST(json.at("record").at("branch") == "master");
}

BOOST_AUTO_TEST_CASE(what_the_handler_says_of_the_app_s_files_is_shown) {
  const auto app = contract::app_name("https://h/a/foo", "master");
  const auto warnings = file_warnings(
      "services:\n  web:\n    container_name: shop\n    environment:\n      CADDYFILE: |\n"
      "        http://foo.lab {\n          header / X-Note \"don't cache\"\n        }\n"
      "  api: {environment: ['CADDYFILE=http://a {}']}\n"
      "volumes:\n  db: {driver: \"${DRIVER:-d:1}\"}\n",
      "d:1", app);
  const auto page = app_page(state(), warnings, {});
  for (const char* words :
       {"warning      service web: container_name is set", "warning      service api: environment is",
        "warning      volume db is not replicated", "warning      CADDYFILE of service web: line 2: a '",
        "warning      CADDYFILE of service web: CADDYFILE, line 2: a quote is not closed"})
    BOOST_TEST(holds(page, words), words << " in " << page);
  BOOST_TEST(to_json(state(), warnings, {}).at("warnings").size() == 5);
  BOOST_TEST(
      file_warnings("web: {image: shop/web}", "d:1", app).at(0).starts_with("there is no mapping services:"));
  BOOST_TEST(file_warnings("services: {web: {image: x}}", "d:1", app).empty());
}

BOOST_AUTO_TEST_SUITE_END()
