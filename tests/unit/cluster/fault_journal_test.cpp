#include "cluster/fault_journal.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <fstream>

using namespace labctl;
using namespace labctl::cluster;
namespace fs = std::filesystem;

namespace {

const NodeIds ids{{"core1", "id-1"}, {"core2", "id-2"}};
const Fault caddy = StoppedContainer{"core1", "cluster_caddy_1"};
const Fault git = GitSetting{"core2", "url.x.insteadOf", "https://y"};
const Fault keys = RenamedFile{"core1", "/ssh", "authorized_keys", "away"};
const Fault key = WrittenKey{"maintenance/a.1", ""};

struct Folder {
  labctl::test::TempDir dir;
  fs::path faults = dir / "faults";

  std::vector<LeftJournal> left() const {
    std::vector<std::string> unreadable;
    auto journals = left_journals(faults, unreadable);
    BOOST_TEST(unreadable.empty());
    return journals;
  }
  // The journal of a run that ended without undoing its faults; the kernel has released its lock.
  fs::path die_with(const std::vector<Fault>& faults_of_run) const {
    FaultJournal journal(faults);
    for (const auto& fault : faults_of_run) journal.enter(fault, "lab", ids);
    return faults / "lab.journal";
  }
};

unsigned mode(const fs::path& path) {
  struct stat seen {};
  BOOST_REQUIRE(::stat(path.c_str(), &seen) == 0);
  return seen.st_mode & 0777U;
}

std::vector<Fault> faults_of(const JournalText& text) {
  std::vector<Fault> all;
  for (const auto& one : text.open) all.push_back(one.fault);
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_journal)

BOOST_AUTO_TEST_CASE(every_kind_of_fault_reads_back) {
  for (const auto& fault : {caddy, git, keys, key}) {
    BOOST_TEST((parse_fault(to_json(fault), "j") == fault));
    BOOST_TEST(!what(fault).empty());
  }
  BOOST_TEST(where(caddy) == "core1");
  BOOST_TEST(where(key) == "Consul");
  for (const auto* text : {"{}", "[]", R"({"kind": "flood"})", R"({"kind": "written-key"})"})
    BOOST_CHECK_THROW(parse_fault(nlohmann::json::parse(text), "j"), Error);
}

BOOST_AUTO_TEST_CASE(a_run_without_faults_makes_no_file) {
  const Folder folder;
  const FaultJournal journal(folder.faults);
  BOOST_TEST(!fs::exists(folder.faults));
}

BOOST_AUTO_TEST_CASE(the_file_is_the_persons_alone_and_goes_with_its_last_fault) {
  const Folder folder;
  FaultJournal journal(folder.faults);
  const int first = journal.enter(caddy, "lab", ids);
  const int second = journal.enter(git, "lab", ids);
  BOOST_TEST(mode(folder.faults) == 0700U);
  BOOST_TEST(mode(folder.faults / "lab.journal") == 0600U);
  journal.applied(first);
  auto text = journal.text();
  BOOST_TEST((faults_of(text) == std::vector{caddy, git}));
  BOOST_TEST(text.open[0].applied);
  BOOST_TEST(!text.open[1].applied);
  BOOST_TEST((text.run == this_run() || text.run.pid == this_run().pid));
  journal.strike(first);
  BOOST_TEST((faults_of(journal.text()) == std::vector{git}));
  journal.strike(second);
  BOOST_TEST(!fs::exists(folder.faults));
  journal.strike(journal.enter(keys, "lab", ids));
  BOOST_TEST(!fs::exists(folder.faults));
}

BOOST_AUTO_TEST_CASE(the_journal_of_a_living_run_is_left_alone) {
  const Folder folder;
  {
    FaultJournal journal(folder.faults);
    journal.enter(caddy, "lab", ids);
    BOOST_TEST(folder.left().empty());
    BOOST_TEST(FaultJournal::take_over(folder.faults / "lab.journal") == nullptr);
  }
  BOOST_TEST(folder.left().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_journal_of_a_dead_run_is_taken_over_by_one) {
  const Folder folder;
  const auto file = folder.die_with({caddy, key});
  const auto left = folder.left();
  BOOST_REQUIRE(left.size() == 1U);
  BOOST_TEST((faults_of(left[0].text) == std::vector{caddy, key}));
  const auto journal = FaultJournal::take_over(left[0].file);
  BOOST_REQUIRE(journal != nullptr);
  BOOST_TEST(FaultJournal::take_over(file) == nullptr);
  journal->strike(2);
  BOOST_TEST((faults_of(journal->text()) == std::vector{caddy}));
  journal->strike(1);
  BOOST_TEST(!fs::exists(file));
  BOOST_TEST(FaultJournal::take_over(file) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_journal_that_was_all_struck_out_only_goes) {
  const Folder folder;
  const auto file = folder.die_with({caddy});
  std::ofstream(file, std::ios::app) << "{\"strike\": 1}\n";
  BOOST_TEST(FaultJournal::take_over(file) == nullptr);
  BOOST_TEST(!fs::exists(file));
}

BOOST_AUTO_TEST_CASE(a_new_run_does_not_touch_the_journal_of_a_dead_one) {
  const Folder folder;
  const auto file = folder.die_with({caddy});
  const auto before = read_file(file);
  FaultJournal journal(folder.faults);
  journal.enter(git, "lab", ids);
  BOOST_TEST(read_file(file) == before);
  BOOST_TEST(fs::exists(folder.faults / "lab-2.journal"));
}

BOOST_AUTO_TEST_CASE(a_line_that_a_crash_cut_off_is_of_a_fault_that_was_not_applied) {
  const Folder folder;
  const auto file = folder.die_with({caddy, git});
  const auto whole = read_file(file);
  const auto second = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t length = second; length < whole.size(); length += 7) {
    std::ofstream(file) << whole.substr(0, length);
    BOOST_TEST((faults_of(parse_fault_journal(read_file(file), "j")) == std::vector{caddy}));
    const auto journal = FaultJournal::take_over(file);
    BOOST_REQUIRE(journal != nullptr);
    journal->applied(1);
    BOOST_TEST(journal->text().open.at(0).applied);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_read_is_told_with_its_line) {
  const Folder folder;
  const auto file = folder.die_with({caddy});
  std::ofstream(file, std::ios::app) << "{\"enter\": 2, \"at\": 1, \"fault\": {\"kind\": \"flood\"}}\n";
  std::vector<std::string> unreadable;
  BOOST_TEST(left_journals(folder.faults, unreadable).empty());
  BOOST_REQUIRE(unreadable.size() == 1U);
  BOOST_TEST(unreadable[0].find("lab.journal:3") != std::string::npos);
  BOOST_TEST(unreadable[0].find("flood") != std::string::npos);
  for (const auto* text : {"", "{}\n", "x\n", "{\"version\": 2}\n"})
    BOOST_CHECK_THROW(parse_fault_journal(text, "j"), Error);
}

BOOST_AUTO_TEST_CASE(a_cluster_is_known_by_its_nodes_ids_whatever_their_names) {
  JournalText text;
  text.nodes = ids;
  BOOST_TEST(text.is_of({{"core1", "id-9"}, {"other", "id-2"}}));
  BOOST_TEST(!text.is_of({{"core1", "id-9"}, {"core2", "id-8"}}));
  text.nodes = {{"core1", ""}};
  BOOST_TEST(!text.is_of({{"core1", ""}}));
}

BOOST_AUTO_TEST_SUITE_END()
