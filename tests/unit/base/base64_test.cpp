#include "base/base64.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl;

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
    BOOST_TEST(encode_base64(plain) == coded);
    BOOST_TEST(decode_base64(coded).value() == plain);
  }
}

BOOST_AUTO_TEST_CASE(every_byte_survives) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  BOOST_TEST((decode_base64(encode_base64(bytes)) == bytes));
}

BOOST_AUTO_TEST_CASE(other_text_is_refused) {
  for (const char* text : {"Zg", "Zg=", "Z===", "Zm9v Zg=", "Zm=v", "abc", "ab%="})
    BOOST_TEST(!decode_base64(text));
}

BOOST_AUTO_TEST_SUITE_END()
