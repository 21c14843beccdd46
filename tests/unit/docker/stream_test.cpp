#include "docker/stream.hpp"

#include "base/error.hpp"
#include "frame.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using docker::Demultiplexer;
using docker::LineSplitter;
using docker::test::frame;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(docker_stream)

BOOST_AUTO_TEST_CASE(output_and_error_are_told_apart) {
  Demultiplexer streams;
  streams.feed(frame(1, "out 1\n") + frame(2, "err\n") + frame(1, "out 2\n"));
  BOOST_TEST(streams.out == "out 1\nout 2\n");
  BOOST_TEST(streams.err == "err\n");
  BOOST_TEST(streams.complete());
}

BOOST_AUTO_TEST_CASE(frames_may_be_cut_at_any_byte) {
  const std::string whole = frame(1, "hello") + frame(2, "") + frame(1, std::string(700, 'x'));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    Demultiplexer streams;
    streams.feed(whole.substr(0, cut));
    streams.feed(whole.substr(cut));
    BOOST_REQUIRE(streams.complete());
    BOOST_REQUIRE(streams.out == "hello" + std::string(700, 'x'));
  }
}

BOOST_AUTO_TEST_CASE(a_stream_that_stops_within_a_frame_is_not_complete) {
  Demultiplexer streams;
  streams.feed(frame(1, "hello").substr(0, 10));
  BOOST_TEST(!streams.complete());
}

BOOST_AUTO_TEST_CASE(a_foreign_head_is_refused) {
  Demultiplexer streams;
  BOOST_CHECK_THROW(streams.feed("plain text of a terminal"), Error);
}

BOOST_AUTO_TEST_CASE(lines_are_handed_on_whole) {
  LineSplitter splitter;
  std::vector<std::string> seen;
  const auto keep = [&](std::string_view line) {
    seen.emplace_back(line);
    return true;
  };
  BOOST_TEST(splitter.feed("{\"a\"", keep));
  BOOST_TEST(seen.empty());
  BOOST_TEST(splitter.feed(":1}\r\n\n{\"b\":2}\n{", keep));
  BOOST_TEST((seen == std::vector<std::string>{"{\"a\":1}", "{\"b\":2}"}));
}

BOOST_AUTO_TEST_CASE(no_line_is_handed_on_after_the_receiver_has_enough) {
  LineSplitter splitter;
  int count = 0;
  BOOST_TEST(!splitter.feed("a\nb\n", [&](std::string_view) { return ++count < 1; }));
  BOOST_TEST(count == 1);
}

BOOST_AUTO_TEST_SUITE_END()
