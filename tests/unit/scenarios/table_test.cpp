#include "scenarios/table.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace labctl;

BOOST_AUTO_TEST_SUITE(scenario_table)

BOOST_AUTO_TEST_CASE(every_scenario_has_a_name_of_its_own_and_all_its_parts) {
  std::set<std::string> names;
  for (const auto& one : scenarios::table({})) {
    BOOST_TEST_CONTEXT(one.name) {
      BOOST_TEST(names.insert(one.name).second);
      BOOST_TEST(one.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos);
      BOOST_TEST(!one.summary.empty());
      BOOST_TEST(!one.tags.empty());
      BOOST_TEST(!one.shoulds.empty());
      for (const auto* step : {&one.given, &one.because, &one.cleanup}) {
        BOOST_TEST(!step->text.empty());
        BOOST_TEST(static_cast<bool>(step->action));
      }
      std::set<std::string> texts;
      for (const auto& should : one.shoulds) BOOST_TEST(texts.insert(should.text).second, should.text);
    }
  }
  BOOST_TEST(names.contains("new-service"));
}

BOOST_AUTO_TEST_CASE(scenarios_speak_of_the_nodes_they_are_written_for) {
  BOOST_TEST(scenarios::table({}).front().summary == "None → core1/core2");
  BOOST_TEST(scenarios::table({"node1", "node2", "node3", "node4"}).front().summary == "None → node1/node2");
}

BOOST_AUTO_TEST_CASE(the_catalogue_in_docs_has_every_scenario_and_no_other) {
  static const std::regex row(R"(^\| `([a-z0-9-]+)` \| ([^|]+) \| ([^|]+) \|$)");
  std::ifstream document(LABCTL_SOURCE_DIR "/docs/scenarios.md");
  std::map<std::string, std::string> moves;  // name -> its move according to the document
  std::smatch match;
  for (std::string line; std::getline(document, line);) {
    if (!std::regex_match(line, match, row)) continue;
    BOOST_TEST(moves.emplace(match[1], match[2]).second, match[1] << " stands there twice");
  }
  for (const auto& one : scenarios::table({})) {
    BOOST_TEST_CONTEXT(one.name) {
      BOOST_TEST(moves[one.name] == one.summary);
      moves.erase(one.name);
    }
  }
  for (const auto& [name, move] : moves) BOOST_ERROR("no such scenario: " << name);
}

BOOST_AUTO_TEST_CASE(the_recipes_name_every_tag_and_no_other) {
  std::ifstream document(LABCTL_SOURCE_DIR "/docs/recipes.md");
  std::stringstream text;
  text << document.rdbuf();
  const auto begin = text.str().find("Tags in use: ");
  BOOST_REQUIRE(begin != std::string::npos);
  const auto list = text.str().substr(begin, text.str().find('.', begin) - begin);
  static const std::regex word("`([a-z-]+)`");
  std::set<std::string> written, used;
  for (std::sregex_iterator one(list.begin(), list.end(), word), end; one != end; ++one)
    written.insert((*one)[1]);
  for (const auto& one : scenarios::table({})) used.insert(one.tags.begin(), one.tags.end());
  BOOST_TEST(written == used, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
