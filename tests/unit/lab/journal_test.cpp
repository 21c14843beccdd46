#include "lab/journal.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;
using What = Entry::What;

BOOST_AUTO_TEST_SUITE(journal)

BOOST_AUTO_TEST_CASE(what_is_entered_reads_back_in_order) {
  const labctl::test::TempDir folder;
  const std::vector<Entry> first{{What::cgroup, "labctl-x"}, {What::tree, "/a b/c"}};
  const std::vector<Entry> second{{What::netns, "/n"}, {What::link, "lab-x"}, {What::loop, "/f.btrfs"}};
  {
    Journal journal(folder / "journal");
    journal.enter(first);
    journal.enter(second);
  }
  auto all = first;
  all.insert(all.end(), second.begin(), second.end());
  BOOST_TEST((read_journal(folder / "journal") == all));
}

BOOST_AUTO_TEST_CASE(a_journal_that_is_opened_again_goes_on_where_it_ended) {
  const labctl::test::TempDir folder;
  Journal(folder / "journal").enter({{What::link, "one"}});
  Journal(folder / "journal").enter({{What::link, "two"}});
  BOOST_TEST(labctl::read_file(folder / "journal") == "link one\nlink two\n");
}

BOOST_AUTO_TEST_CASE(a_line_that_a_crash_cut_off_is_left_out_at_every_length) {
  const std::string whole = "link lab-x\ntree /var/lib/x\n";
  for (std::size_t length = 11; length < whole.size(); ++length) {
    const auto entries = parse_journal(whole.substr(0, length), "journal");
    BOOST_TEST(entries.size() == 1U);
    BOOST_TEST((entries.front() == Entry{What::link, "lab-x"}));
  }
  BOOST_TEST(parse_journal(whole, "journal").size() == 2U);
  BOOST_TEST(parse_journal("", "journal").empty());
}

BOOST_AUTO_TEST_CASE(a_whole_line_that_does_not_read_is_an_error_that_names_it) {
  for (const std::string line : {"planet mars", "link", "link ", " link x", ""}) {
    try {
      parse_journal("link ok\n" + line + "\n", "/j");
      BOOST_ERROR("taken: '" + line + "'");
    } catch (const labctl::Error& error) {
      BOOST_TEST((error.kind() == labctl::Kind::invalid));
      BOOST_TEST(error.where() == "/j:2");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_target_that_would_read_back_as_two_entries_is_refused_before_it_is_written) {
  const labctl::test::TempDir folder;
  Journal journal(folder / "journal");
  BOOST_CHECK_THROW(journal.enter({{What::link, "x"}, {What::tree, "/a\ntree /"}}), labctl::Error);
  BOOST_CHECK_THROW(journal.enter({{What::tree, ""}}), labctl::Error);
  BOOST_TEST(labctl::read_file(folder / "journal") == "");
}

BOOST_AUTO_TEST_CASE(no_file_is_not_an_empty_journal) {
  const labctl::test::TempDir folder;
  BOOST_TEST(!read_journal(folder / "journal").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
