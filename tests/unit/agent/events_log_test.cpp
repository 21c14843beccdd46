#include "agent/events_log.hpp"

#include "base/paths.hpp"
#include "base/text.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

using namespace labctl;
using namespace labctl::agent;

BOOST_AUTO_TEST_SUITE(events_log)

namespace {

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "labctl-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_event_begins_once) {
  Folder folder;
  const auto path = folder.path / "events.log";
  BOOST_TEST(EventsLog(path).begin("a"));
  BOOST_TEST(!EventsLog(path).begin("a"));
  BOOST_TEST(EventsLog(path).begin("aa"));
  BOOST_TEST(read_file(path) == "a\naa\n");
}

BOOST_AUTO_TEST_CASE(a_last_line_without_an_end_is_completed) {
  Folder folder;
  const auto path = folder.path / "events.log";
  write_file(path, "a\nb");
  BOOST_TEST(!EventsLog(path).begin("b"));
  BOOST_TEST(EventsLog(path).begin("c"));
  BOOST_TEST(read_file(path) == "a\nb\nc\n");
}

BOOST_AUTO_TEST_CASE(the_file_stays_bounded_and_keeps_the_youngest) {
  Folder folder;
  const auto path = folder.path / "events.log";
  EventsLog log(path, 10);
  for (int i = 0; i < 100; ++i) {
    BOOST_REQUIRE(log.begin("id" + std::to_string(i)));
    BOOST_REQUIRE(lines(read_file(path)).size() <= 10U);
    BOOST_REQUIRE(!log.begin("id" + std::to_string(i)));
  }
  BOOST_TEST(!log.begin("id97"));
}

BOOST_AUTO_TEST_CASE(two_writers_at_once_begin_each_event_once) {
  Folder folder;
  const auto path = folder.path / "events.log";
  std::atomic<int> begun{0};
  {
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < 4; ++writer) {
      writers.emplace_back([&] {
        EventsLog log(path);
        for (int i = 0; i < 50; ++i) begun += log.begin("id" + std::to_string(i)) ? 1 : 0;
      });
    }
  }
  BOOST_TEST(begun == 50);
  BOOST_TEST(lines(read_file(path)).size() == 50U);
}

BOOST_AUTO_TEST_SUITE_END()
