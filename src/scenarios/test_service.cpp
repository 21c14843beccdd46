#include "scenarios/test_service.hpp"

namespace labctl::scenarios {

TestService master_branch() {
  return {"master",
          "service.cluster.lab",
          {"anyblok", "anyblok_ssh", "dbserver"},
          {"dbdata", "anyblok_data"},
          {"cache_data"},
          {"http://service.cluster.lab"},
          "sshanyblok"};
}

}  // namespace labctl::scenarios
