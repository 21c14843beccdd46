#include "doctor/probes/volume_disk.hpp"

#include <boost/test/unit_test.hpp>

namespace labctl::doctor {

BOOST_AUTO_TEST_SUITE(volume_disk)

BOOST_AUTO_TEST_CASE(the_file_system_of_a_volume_is_read_in_bytes) {
  const auto disk = read_statfs("4096 1000 250 0 0\n", "the volume data");
  BOOST_REQUIRE(disk);
  BOOST_TEST(disk->path == "the volume data");
  BOOST_TEST(disk->size == 4096000);
  BOOST_TEST(disk->free == 1024000);
  BOOST_TEST(disk->inodes == 0);
  for (const auto* text : {"", "4096 1000", "0 0 0 0 0", "stat: cannot read file system information"})
    BOOST_TEST(!read_statfs(text, "/"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
