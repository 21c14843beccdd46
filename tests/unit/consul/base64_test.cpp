#include "consul/base64.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;
using consul::base64_decode;
using consul::base64_encode;

BOOST_AUTO_TEST_SUITE(base64)

BOOST_AUTO_TEST_CASE(the_vectors_of_rfc_4648_hold_both_ways) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, coded] : vectors) {
    BOOST_TEST(base64_encode(plain) == coded);
    BOOST_TEST(base64_decode(coded) == plain);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_survives) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  BOOST_TEST((base64_decode(base64_encode(bytes)) == bytes));
}

BOOST_AUTO_TEST_CASE(other_text_is_refused) {
  for (const char* text : {"Zg", "Zg=", "Z===", "Zm9v Zg=", "Zm=v"}) {
    BOOST_CHECK_THROW(base64_decode(text), Error);
  }
}

BOOST_AUTO_TEST_SUITE_END()
