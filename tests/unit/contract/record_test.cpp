#include "contract/record.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using namespace labctl::contract;

BOOST_AUTO_TEST_SUITE(record)

BOOST_AUTO_TEST_CASE(a_record_has_exactly_the_fields_of_the_contract) {
  Record record;
  record.ct = {{"dbserver", "p_dbserver_1"}, {"anyblok", "p_anyblok_1"}};
  const auto json = nlohmann::ordered_json::parse(to_text(record));
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  const std::vector<std::string> expected{
      "haproxy", "caddyfile", "repo_url", "branch", "deploy_date", "deploy_id", "previous_deploy_id",
      "domains", "urls",      "ip",       "master", "slave",       "ct",        "volumes"};
  BOOST_TEST(keys == expected, boost::test_tools::per_element());
  BOOST_TEST(json["previous_deploy_id"].is_null());
  BOOST_TEST(json["slave"].is_null());
  BOOST_TEST(json["haproxy"].dump() == "{}");
  BOOST_TEST(json["domains"].dump() == "[]");
  BOOST_TEST(json["ct"].dump() == R"({"dbserver":"p_dbserver_1","anyblok":"p_anyblok_1"})");
}

BOOST_AUTO_TEST_CASE(what_is_written_reads_back) {
  Record record;
  record.haproxy = nlohmann::ordered_json::parse(R"({"s":{"backends":[{"port":"22"}]}})");
  record.caddyfile = "http://a {\n}";
  record.repo_url = "https://x/y";
  record.branch = "it's $(b)";
  record.deploy_id = "E";
  record.previous_deploy_id = "D";
  record.domains = {"a"};
  record.at.slave = "core2";
  record.ct = {{"z", "1"}, {"a", "2"}};
  record.volumes = {"v"};
  const Record again = parse_record(to_text(record));
  BOOST_TEST(to_text(again) == to_text(record));
  BOOST_TEST(again.at.slave.value() == "core2");
  BOOST_TEST(again.ct[0].first == "z");
}

BOOST_AUTO_TEST_CASE(records_of_older_handlers_read_too) {
  const Record record = parse_record(R"({"deploy_date":"2018-01-01T000000.000001","master":"a","slave":""})");
  BOOST_TEST(record.deploy_id == "");
  BOOST_TEST(!record.at.slave.has_value());
}

BOOST_AUTO_TEST_CASE(anything_else_is_refused) {
  for (const char* text :
       {"", "[]", "{", R"({"master":5})", R"({"volumes":[1]})", R"({"ct":[]})", R"({"haproxy":[]})"}) {
    BOOST_CHECK_THROW(parse_record(text), Error);
  }
}

BOOST_AUTO_TEST_CASE(a_deploy_date_has_no_colons_and_six_decimals) {
  const std::string date = format_deploy_date(1'795'360'000'000'042);
  BOOST_TEST(date.size() == std::string("2026-11-22T140245.706922").size());
  BOOST_TEST(date.ends_with(".000042"));
  BOOST_TEST(date.find(':') == std::string::npos);
  BOOST_TEST(date < format_deploy_date(1'795'360'000'000'043));
}

BOOST_AUTO_TEST_SUITE_END()
