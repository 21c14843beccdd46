#include "lab/host_check.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;

BOOST_AUTO_TEST_SUITE(host_check)

BOOST_AUTO_TEST_CASE(a_file_system_is_in_the_kernel_or_can_be_loaded) {
  const std::string filesystems = "nodev\tsysfs\n\text4\nnodev\toverlay\n";
  BOOST_TEST(has_file_system(filesystems, "", "overlay"));
  BOOST_TEST(has_file_system(filesystems, "", "ext4"));
  BOOST_TEST(!has_file_system(filesystems, "", "btrfs"));
  BOOST_TEST(has_file_system(filesystems, "kernel/fs/btrfs/btrfs.ko.xz: kernel/lib/x.ko", "btrfs"));
  BOOST_TEST(!has_file_system("", "kernel/fs/xbtrfs.ko", "btrfs"));
}

BOOST_AUTO_TEST_SUITE_END()
