#include "cli/hosts_block.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::cli {

BOOST_AUTO_TEST_SUITE(hosts_blocks)

const std::string block = hosts_block("lab", {{"10.0.0.4", "service.lab"}});

BOOST_AUTO_TEST_CASE(a_block_is_added_replaced_and_taken_out_again) {
  const std::string file = "127.0.0.1\tlocalhost\n";
  const auto with = with_block(file, "lab", block);
  BOOST_CHECK_EQUAL(with,
                    "127.0.0.1\tlocalhost\n# labctl lab: begin\n10.0.0.4\tservice.lab\n# labctl lab: end\n");
  BOOST_CHECK_EQUAL(with_block(with, "lab", block), with);
  BOOST_CHECK_EQUAL(without_block(with, "lab"), file);
}

BOOST_AUTO_TEST_CASE(the_block_of_another_inventory_stays) {
  const auto both = with_block(with_block("", "lab", block), "other", hosts_block("other", {}));
  BOOST_CHECK_EQUAL(without_block(both, "lab"), hosts_block("other", {}));
}

BOOST_AUTO_TEST_CASE(a_last_line_without_an_end_gets_one) {
  BOOST_CHECK(with_block("127.0.0.1 localhost", "lab", block)
                  .starts_with("127.0.0.1 localhost\n# labctl lab: begin\n"));
}

BOOST_AUTO_TEST_CASE(a_block_that_lost_its_end_takes_nothing_with_it) {
  const std::string file = "# labctl lab: begin\n10.0.0.4\tservice.lab\n10.0.0.9\tmine\n";
  BOOST_CHECK_EQUAL(without_block(file, "lab"), file);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::cli
