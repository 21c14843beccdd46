#pragma once

#include "base/error.hpp"
#include "inventory/inventory.hpp"

#include <boost/test/unit_test.hpp>
#include <stdlib.h>

#include <string>

namespace labctl::inventory {

// A home and a runtime folder that do not depend on the user who runs the tests.
struct Places {
  Places() {
    ::setenv("HOME", "/home/tester", 1);
    ::setenv("LABCTL_RUNTIME_DIR", "/run/tester", 1);
  }
};

// The error of parsing `yaml`; the test fails if there is none.
inline Error error_of(const std::string& yaml) {
  try {
    parse(yaml, "inv.yaml");
  } catch (const Error& error) {
    return error;
  }
  BOOST_FAIL("parsed without an error: " + yaml);
  throw std::logic_error("not reached");
}

}  // namespace labctl::inventory
