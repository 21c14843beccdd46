#include "doctor/diagnose.hpp"

#include "cluster_view.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace labctl::doctor::view {
namespace {

// The findings that the faults in tests/integration/doctor/faults/ lead to.
std::set<std::string> found_on_the_lab() {
  std::set<std::string> ids;
  for (const auto& file :
       std::filesystem::directory_iterator(LABCTL_SOURCE_DIR "/tests/integration/doctor/faults")) {
    std::ifstream script(file.path());
    for (std::string line; std::getline(script, line);) {
      std::istringstream words(line);
      std::string word;
      if (!(words >> word) || word != "expect_findings") continue;
      while (words >> word && word != "--") ids.insert(word);
    }
  }
  return ids;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(diagnosing)

BOOST_AUTO_TEST_CASE(each_fault_is_named_and_nothing_that_follows_from_it) {
  for (const auto& one : all_cases()) {
    BOOST_TEST_CONTEXT(one.what) {
      auto seen = healthy();
      one.plant(seen);
      const auto findings = diagnose(seen);
      std::vector<std::string> ids;
      for (const auto& finding : findings) ids.push_back(finding.id);
      BOOST_CHECK_EQUAL_COLLECTIONS(ids.begin(), ids.end(), one.ids.begin(), one.ids.end());
      if (findings.empty()) continue;
      BOOST_CHECK_EQUAL_COLLECTIONS(findings[0].subjects.begin(), findings[0].subjects.end(),
                                    one.subjects.begin(), one.subjects.end());
      for (const auto& finding : findings) {
        BOOST_CHECK_MESSAGE(!finding.evidence.empty(), finding.id + " has no evidence");
        BOOST_CHECK_MESSAGE(!finding.remedy.empty() && finding.remedy.find("{}") == std::string::npos,
                            finding.id);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(no_leader_tells_which_servers_are_stopped) {
  auto seen = healthy();
  seen.consul.leader = "";
  node(seen, "core4").containers["cluster_consul_1"] = "exited";
  const auto evidence = diagnose(seen).at(0).evidence;
  BOOST_CHECK(std::find(evidence.begin(), evidence.end(), "cluster_consul_1 on core4 is exited") !=
              evidence.end());
}

// By a case here, or by a fault that is injected into the lab.
BOOST_AUTO_TEST_CASE(every_kind_of_trouble_can_be_found) {
  std::set<std::string> found = found_on_the_lab();
  BOOST_CHECK_GT(found.size(), 10u);
  for (const auto& one : all_cases()) found.insert(one.ids.begin(), one.ids.end());
  for (const auto& group : groups()) {
    for (const auto& trouble : group.troubles) {
      BOOST_CHECK_MESSAGE(found.contains(std::string(trouble.id)),
                          std::string(trouble.id) + " is in the catalogue, but no test leads to it");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor::view
