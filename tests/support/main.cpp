#define BOOST_TEST_MODULE labctl
#include <boost/test/unit_test.hpp>
