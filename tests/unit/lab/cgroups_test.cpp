#include "lab/cgroups.hpp"

#include <boost/test/unit_test.hpp>

using namespace labctl::lab;

BOOST_AUTO_TEST_SUITE(cgroups)

BOOST_AUTO_TEST_CASE(hierarchies_of_both_versions_are_found) {
  const auto found = parse_cgroup_hierarchies(
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0\n"
      "cgroup /sys/fs/cgroup/cpuset cgroup rw,relatime,cpuset 0 0\n"
      "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n"
      "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
      "proc /proc proc rw 0 0\n");
  BOOST_TEST(found.size() == 3U);
  BOOST_TEST(found[0].root == "/sys/fs/cgroup/cpuset");
  BOOST_TEST(found[0].cpuset);
  BOOST_TEST(!found[1].cpuset);
  BOOST_TEST(found[2].root == "/sys/fs/cgroup/unified");
}

BOOST_AUTO_TEST_CASE(version_2_alone_has_one_hierarchy_and_no_cpuset_to_fill) {
  const auto found = parse_cgroup_hierarchies("cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate 0 0\n");
  BOOST_TEST(found.size() == 1U);
  BOOST_TEST(!found[0].cpuset);
}

BOOST_AUTO_TEST_SUITE_END()
