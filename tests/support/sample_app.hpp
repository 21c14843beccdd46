#pragma once

#include "contract/names.hpp"

namespace labctl::cluster::test {

// The app that these tests use.
inline const std::string repo = "https://github.com/mlfmonde/cluster_lab_test_service";
inline const contract::AppName app = contract::app_name(repo, "master");

}  // namespace labctl::cluster::test
