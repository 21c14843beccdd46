#include "doctor/message.hpp"

#include "doctor/finding.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace labctl::doctor {
namespace {

// A message as a client prints it, and the finding that its first reading must be able to name.
struct Message {
  const char* text;
  const char* first;
};

const Message messages[] = {
    {"requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionRefusedError(111, 'Connection "
     "refused')) "
     "docker_core3.sock",
     "stale-socket"},
    {"docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', "
     "FileNotFoundError(2, 'No such file or directory'))",
     "socket-missing"},
    {"Cannot connect to the Docker daemon at unix:///run/user/1000/labctl/lab/docker_core1.sock. Is the "
     "docker daemon "
     "running?",
     "daemon-not-running"},
    {"consul.base.RequestError: HTTPConnectionPool(host='127.0.0.1', port=8500): Max retries exceeded with "
     "url: "
     "/v1/kv/app",
     "consul-forward-down"},
    {"permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
     "socket-not-permitted"},
    {"core@10.0.0.3: Permission denied (publickey).", "key-refused"},
    {"Received disconnect from 10.0.0.3 port 22:2: Too many authentication failures", "key-not-tried"},
    {"sign_and_send_pubkey: no mutual signature supported", "rsa-refused"},
    {"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", "host-key-changed"},
    {"Host key verification failed.", "host-key-unknown"},
    {"channel 3: open failed: administratively prohibited: open failed", "forwarding-denied"},
    {"ssh: Could not resolve hostname core9: Name or service not known", "node-name-unknown"},
    {"ssh: connect to host 10.0.0.3 port 22: Connection timed out", "node-no-answer"},
    {"ssh: connect to host 10.0.0.3 port 22: Connection refused", "node-unreachable"},
    {"Permissions 0644 for '/home/me/.ssh/id' are too open.", "identity-too-open"},
    {"requests.exceptions.ProxyError: HTTPConnectionPool(host='proxy', port=3128)", "proxy-in-environment"},
    {"http: server gave HTTP response to HTTPS client", "tls-in-environment"},
    {"Unexpected response code: 500 (No cluster leader)", "consul-no-leader"},
    {"Unexpected response code: 403 (Permission denied: token with AccessorID '00000002' lacks permission "
     "'key:read')",
     "consul-acl"},
    {"HTTP/1.1 429 Too Many Requests", "consul-too-many"},
    {"error looking up volume plugin anybox/buttervolume:latest: plugin not found", "volume-plugin-off"},
    {"curl: (52) Empty reply from server", "docker-down"},
    {"<h1>503 Service Unavailable</h1> No server is available to handle this request.", "proxy-not-rendered"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_of_clients)

BOOST_AUTO_TEST_CASE(a_pasted_message_leads_to_the_findings_that_explain_it) {
  for (const auto& one : messages) {
    BOOST_TEST_CONTEXT(one.text) {
      const auto readings = read_message(one.text);
      BOOST_REQUIRE(!readings.empty());
      const auto& ids = readings[0].findings;
      BOOST_TEST((std::find(ids.begin(), ids.end(), one.first) != ids.end()), std::string(readings[0].says));
    }
  }
}

BOOST_AUTO_TEST_CASE(every_finding_that_a_reading_names_is_in_the_catalogue) {
  for (const auto& one : messages) {
    for (const auto& reading : read_message(one.text)) {
      for (const auto& id : reading.findings) BOOST_TEST(find_trouble(id) != nullptr, std::string(id));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_text_has_no_reading) {
  BOOST_TEST(read_message("").empty());
  BOOST_TEST(read_message("everything is fine").empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
