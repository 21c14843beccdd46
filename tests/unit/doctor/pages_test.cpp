#include "doctor/pages.hpp"

#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <set>
#include <sstream>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(pages)

// To update the document: labctl doctor --explain all > docs/findings.md
BOOST_AUTO_TEST_CASE(the_document_of_the_findings_is_what_the_program_says) {
  std::ifstream file(LABCTL_SOURCE_DIR "/docs/findings.md");
  std::stringstream text;
  text << file.rdbuf();
  const auto written = lines(text.str());
  const auto wanted = lines(all_pages());
  BOOST_CHECK_EQUAL_COLLECTIONS(written.begin(), written.end(), wanted.begin(), wanted.end());
}

BOOST_AUTO_TEST_CASE(each_kind_of_trouble_has_an_id_of_its_own_and_a_full_page) {
  std::set<std::string_view> ids;
  for (const auto& group : groups()) {
    for (const auto& one : group.troubles) {
      BOOST_TEST_CONTEXT(one.id) {
        BOOST_TEST(ids.insert(one.id).second);
        for (const auto& text : {one.meaning, one.cause, one.evidence, one.remedy}) BOOST_TEST(!text.empty());
        BOOST_TEST(&trouble(one.id) == &one);
        BOOST_TEST(page(one).find(group.name) != std::string::npos);
        for (const auto& line : lines(page(one))) BOOST_TEST(line.size() <= 110u);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(an_id_that_is_not_in_the_catalogue_has_no_page) {
  BOOST_TEST(find_trouble("no-such-finding") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
