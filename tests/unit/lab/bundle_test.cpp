#include "lab/bundle.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;

BOOST_AUTO_TEST_SUITE(bundle)

BOOST_AUTO_TEST_CASE(libraries_and_loader_are_read_from_ldd) {
  const auto read = parse_ldd(
      "\tlinux-vdso.so.1 (0x00007ffc)\n"
      "\tlibcurl.so.4 => /lib/x86_64-linux-gnu/libcurl.so.4 (0x00007f1)\n"
      "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)\n"
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f3)\n");
  BOOST_TEST(read.files.size() == 2U);
  BOOST_TEST(read.files[0] == "/lib/x86_64-linux-gnu/libcurl.so.4");
  BOOST_TEST(read.loader == "/lib64/ld-linux-x86-64.so.2");
}

BOOST_AUTO_TEST_CASE(the_loader_of_another_architecture_is_known_by_its_name) {
  const auto read = parse_ldd("\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\t/lib/ld-linux-aarch64.so.1 (0x2)\n");
  BOOST_TEST(read.loader == "/lib/ld-linux-aarch64.so.1");
}

BOOST_AUTO_TEST_CASE(a_missing_library_is_named) {
  try {
    parse_ldd("\tlibx.so.1 => not found\n\t/lib64/ld-linux-x86-64.so.2 (0x1)\n");
    BOOST_ERROR("taken");
  } catch (const labctl::Error& error) {
    BOOST_TEST(error.where() == "libx.so.1");
  }
  BOOST_CHECK_THROW(parse_ldd("\tstatically linked\n"), labctl::Error);
}

BOOST_AUTO_TEST_SUITE_END()
