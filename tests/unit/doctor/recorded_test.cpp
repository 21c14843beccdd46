#include "doctor/recorded.hpp"

#include "cluster_view.hpp"
#include "doctor/diagnose.hpp"
#include "doctor/summary.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace labctl::doctor::view {
namespace {

// Everything that the doctor says, one line each.
std::vector<std::string> said_about(const Observations& seen) {
  std::vector<std::string> said;
  const auto findings = diagnose(seen);
  for (const auto& finding : findings) {
    said.push_back(finding.id);
    for (const auto* texts : {&finding.subjects, &finding.evidence})
      said.insert(said.end(), texts->begin(), texts->end());
    said.push_back(finding.remedy);
  }
  for (const auto& summary : summarize(seen, findings)) {
    said.push_back(std::string(summary.group->name) + " is " + std::string(to_string(summary.state)));
    said.insert(said.end(), summary.not_known.begin(), summary.not_known.end());
  }
  return said;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recorded)

BOOST_AUTO_TEST_CASE(the_doctor_says_of_a_record_what_it_says_live) {
  auto cases = all_cases();
  cases.push_back({"nothing is broken", [](Observations&) {}, {}, {}});
  for (const auto& one : cases) {
    BOOST_TEST_CONTEXT(one.what) {
      auto live = healthy();
      one.plant(live);
      const auto record = to_json_text(live);
      const auto read = parse_observations(record, "record");
      const auto expected = said_about(live), said = said_about(read);
      BOOST_CHECK_EQUAL_COLLECTIONS(said.begin(), said.end(), expected.begin(), expected.end());
      BOOST_CHECK_EQUAL(to_json_text(read), record);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_record_has_no_secrets) {
  auto seen = healthy();
  seen.machine.environment = {{"http_proxy", "http://me:hunter2@proxy:3128"},
                              {"CONSUL_HTTP_TOKEN", "hunter2"}};
  seen.nodes.at(0).facts.proxies.caddy.differs =
      "it cannot read that file: Caddyfile:3: unrecognized: --password=hunter2";
  const auto record = to_json_text(seen);
  BOOST_CHECK_EQUAL(record.find("hunter2"), std::string::npos);
  BOOST_CHECK_EQUAL(parse_observations(record, "record").machine.environment.at("http_proxy"),
                    "http://me:***@proxy:3128");
}

BOOST_AUTO_TEST_CASE(another_text_is_refused_with_its_place) {
  for (const auto* text : {"", "[]", "{}", "{\"format\": 2}", "{\"format\": 1}"}) {
    BOOST_CHECK_EXCEPTION(parse_observations(text, "x.json"), Error, [](const Error& error) {
      return error.kind() == Kind::invalid && error.where() == "x.json";
    });
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor::view
