#include "doctor/message.hpp"

#include "doctor/finding.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

namespace labctl::doctor {
namespace {

// A message as a client prints it, and a finding that its reading must name; nullptr: it names none.
struct Message {
  const char* text;
  const char* finding;
};

// Those that tests/integration/doctor/messages.sh provokes are not repeated here.
const Message messages[] = {
    {"requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionRefusedError(111, 'Connection "
     "refused')) docker_core3.sock",
     "stale-socket"},
    {"ConnectionError: docker_core3.sock", "stale-socket"},
    {"docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', "
     "FileNotFoundError(2, 'No such file or directory'))",
     "socket-missing"},
    {"docker.errors.DockerException: Error while fetching server API version: ('Connection aborted.', "
     "PermissionError(13, 'Permission denied'))",
     "socket-not-permitted"},
    {"docker.errors.DockerException: Error while fetching server API version: Not supported URL scheme "
     "http+docker",
     nullptr},
    {"Error response from daemon: client version 1.41 is too old. Minimum supported API version is 1.44, "
     "please "
     "upgrade your client to a newer version",
     nullptr},
    {"consul.base.RequestError: HTTPConnectionPool(host='127.0.0.1', port=8500): Max retries exceeded with "
     "url: /v1/kv/app",
     "consul-forward-down"},
    {"Error querying Consul agent: Get \"http://127.0.0.1:8500/v1/kv/app\": context deadline exceeded "
     "(Client.Timeout exceeded while awaiting headers)",
     "node-no-answer"},
    {"core@10.0.0.3: Permission denied (publickey).", "key-refused"},
    {"error during connect: Get \"http://docker.example.com/v1.24/containers/json\": command [ssh -l core -- "
     "core3 docker system dial-stdio] has exited with exit status 255, stderr=core@core3: Permission denied "
     "(publickey).",
     "key-refused"},
    {"sign_and_send_pubkey: signing failed for ED25519 \"me\" from agent: agent refused operation",
     "agent-silent"},
    {"Received disconnect from 10.0.0.3 port 22:2: Too many authentication failures", "key-not-tried"},
    {"sign_and_send_pubkey: no mutual signature supported", "rsa-refused"},
    {"Load key \"/home/me/.ssh/id\": error in libcrypto", "identity-invalid"},
    {"@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @", "host-key-changed"},
    {"Host key verification failed.", "host-key-unknown"},
    {"Unable to negotiate with 10.0.0.3 port 22: no matching host key type found. Their offer: ssh-dss",
     "not-ssh"},
    {"channel 3: open failed: administratively prohibited: open failed", "forwarding-denied"},
    {"channel 3: open failed: connect failed: Connection refused", "docker-down"},
    {"client_loop: send disconnect: Broken pipe", "node-unreachable"},
    {"ssh: connect to host 10.0.0.3 port 22: Connection timed out", "node-no-answer"},
    {"Connection reset by 10.0.0.3 port 22", "not-ssh"},
    {"Connection closed by UNKNOWN port 65535", "not-ssh"},
    {"Connection to core3 closed by remote host.", "node-no-answer"},
    {"psql: could not receive data from server (port 5432): Connection reset by peer", "docker-down"},
    {"ssh: connect to host 10.0.0.3 port 22: No route to host", "lab-route"},
    {"labctl: core1: cannot connect to 10.0.0.3: Connection refused (is sshd running there?)",
     "node-unreachable"},
    {"Permissions 0644 for '/home/me/.ssh/id' are too open.", "identity-too-open"},
    {"requests.exceptions.ProxyError: HTTPConnectionPool(host='proxy', port=3128)", "proxy-in-environment"},
    {"http: server gave HTTP response to HTTPS client", "tls-in-environment"},
    {"curl: (7) Failed to connect to 127.0.0.1 port 8098 after 0 ms: Could not connect to server",
     "daemon-not-running"},
    {"bind [127.0.0.1]:8500: Address already in use", "port-taken"},
    {"Unexpected response code: 500 (No cluster leader)", "consul-no-leader"},
    {"Unexpected response code: 403 (Permission denied: token with AccessorID '00000002' lacks permission "
     "'key:read')",
     "consul-acl"},
    {"HTTP/1.1 429 Too Many Requests", "consul-too-many"},
    {"error looking up volume plugin anybox/buttervolume:latest: plugin not found", "volume-plugin-off"},
    {"error while mounting volume: Post "
     "\"http://%2Frun%2Fdocker%2Fplugins%2Fbtrfs.sock/VolumeDriver.Mount\": "
     "dial unix /run/docker/plugins/btrfs.sock: connect: no such file or directory",
     "volume-plugin-off"},
    {"<h1>503 Service Unavailable</h1> No server is available to handle this request.", "proxy-not-rendered"},
    {"404 Site shop.lab is not served on this interface", "caddy-not-reloaded"},
};

// The texts between backquotes.
std::vector<std::string> quoted_in(const std::string& cell) {
  std::vector<std::string> texts;
  for (std::size_t begin = 0; (begin = cell.find('`', begin)) != std::string::npos;) {
    const auto end = cell.find('`', begin + 1);
    if (end == std::string::npos) break;
    texts.push_back(cell.substr(begin + 1, end - begin - 1));
    begin = end + 1;
  }
  return texts;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(messages_of_clients)

BOOST_AUTO_TEST_CASE(a_pasted_message_leads_to_the_findings_that_explain_it) {
  for (const auto& one : messages) {
    BOOST_TEST_CONTEXT(one.text) {
      const auto reading = read_message(one.text);
      BOOST_REQUIRE(reading.has_value());
      const auto& ids = reading->findings;
      if (one.finding == nullptr) {
        BOOST_TEST(ids.empty(), std::string(reading->says));
      } else {
        BOOST_TEST((std::find(ids.begin(), ids.end(), one.finding) != ids.end()), std::string(reading->says));
      }
      for (const auto& id : ids) BOOST_TEST(find_trouble(id) != nullptr, std::string(id));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_old_messages_of_the_guide_lead_to_the_findings_beside_them) {
  std::ifstream guide(LABCTL_SOURCE_DIR "/docs/guide.md");
  std::size_t rows = 0;
  bool in_table = false;
  for (std::string line; std::getline(guide, line);) {
    if (line == "| message | meaning | finding |") in_table = true;
    if (!line.starts_with('|')) in_table = false;
    const auto last = line.rfind('|', line.size() - 2);
    if (!in_table || !line.starts_with("| `")) continue;
    ++rows;
    for (const auto& message : quoted_in(line.substr(0, line.find('|', 1)))) {
      const auto reading = read_message(message);
      BOOST_TEST_REQUIRE(reading.has_value(), message);
      for (const auto& id : quoted_in(line.substr(last))) {
        BOOST_TEST(
            (std::find(reading->findings.begin(), reading->findings.end(), id) != reading->findings.end()),
            message << " does not lead to " << id);
      }
    }
  }
  BOOST_TEST(rows >= 8u);
}

BOOST_AUTO_TEST_CASE(an_unknown_text_has_no_reading) {
  BOOST_TEST(!read_message("").has_value());
  BOOST_TEST(!read_message("everything is fine").has_value());
  // Numbers and words that only look like those of a client.
  BOOST_TEST(!read_message("429 of 503 rows, 8500 left").has_value());
  BOOST_TEST(!read_message("Conflict. The container name \"/web\" is already in use by container 5032b")
                  .has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace labctl::doctor
