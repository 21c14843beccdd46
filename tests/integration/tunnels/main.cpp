#define BOOST_TEST_NO_MAIN
#define BOOST_TEST_MODULE tunnels against real sshds
#include "ssh_node.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>

int main(int argc, char** argv) {
  const std::string missing = labctl::test::missing_for_ssh_nodes();
  if (!missing.empty()) {
    std::printf("skipped: %s\n", missing.c_str());
    return 77;
  }
  return boost::unit_test::unit_test_main(init_unit_test, argc, argv);
}
