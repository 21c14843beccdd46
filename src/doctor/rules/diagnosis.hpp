#pragma once

#include "doctor/finding.hpp"
#include "doctor/observations.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace labctl::doctor {

// The findings so far, and what they explain. Rules run in the order of their table; each rule sees what
// earlier rules have explained.
class Diagnosis {
public:
  // Joins findings with the same id, so that a missing key is reported once for all nodes.
  void add(std::string_view id, const std::string& subject, std::vector<std::string> evidence);

  void explain_node(const std::string& node) { nodes_.insert(node); }
  void explain_forward(const std::string& forward) { forwards_.insert(forward); }
  void explain_consul_containers() { consul_containers_ = true; }
  bool node_explained(const std::string& node) const { return nodes_.contains(node); }
  bool consul_containers_explained() const { return consul_containers_; }
  // Whether the forward itself is explained, or every node that can carry it.
  bool forward_explained(const inventory::Forward& forward) const;

  // Fills in the remedies, and sorts the findings by their groups.
  std::vector<Finding> take();

private:
  std::vector<Finding> findings_;
  std::set<std::string> nodes_;
  std::set<std::string> forwards_;
  bool consul_containers_ = false;
};

// The daemon's status of a forward; nullptr if it has none.
const tunnels::ForwardStatus* status_of(const Observations& seen, const std::string& forward);
// The local end, as text.
std::string end_of(const ForwardSeen& forward);
bool running(const Observations& seen);
// Whether the forward carries requests, as far as was observed.
bool works(const Observations& seen, const ForwardSeen& forward);
bool docker_works(const Observations& seen, const std::string& node);
// Why a forward does not work: the errors of the probe and of the daemon.
std::vector<std::string> complaints(const Observations& seen, const ForwardSeen& forward);

}  // namespace labctl::doctor
