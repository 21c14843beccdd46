#include "base/current_error.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <functional>
#include <new>

using namespace labctl;

namespace {

Error caught(const std::function<void()>& action) {
  try {
    action();
  } catch (...) {
    return current_error();
  }
  throw std::logic_error("nothing was thrown");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(current)

BOOST_AUTO_TEST_CASE(an_error_stays_what_it_is) {
  const auto error = caught([] { throw Error(Kind::refused, "no", "core1", "ask"); });
  BOOST_TEST((error.kind() == Kind::refused));
  BOOST_TEST(error.line() == "core1: no (ask)");
}

BOOST_AUTO_TEST_CASE(whatever_else_is_thrown_becomes_one_with_its_words) {
  const auto folder = caught([] { std::filesystem::create_directory("/proc/none/such"); });
  BOOST_TEST((folder.kind() == Kind::system));
  BOOST_TEST(folder.line().find("/proc/none/such") != std::string::npos);
  BOOST_TEST(caught([] { throw std::bad_alloc(); }).line() == "out of memory");
  BOOST_TEST(caught([] { throw std::out_of_range("no such step"); }).line() == "no such step");
  BOOST_TEST((caught([] { throw 42; }).kind() == Kind::system));
}

BOOST_AUTO_TEST_SUITE_END()
