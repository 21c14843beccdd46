#pragma once

#include "tunnels/control.hpp"
#include "tunnels/passphrase_agent.hpp"
#include "tunnels/plan.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace labctl::tunnels {

// The passphrases that a person types for the logins of one command. As with ssh, each is asked for when a
// node has accepted the key, serves these logins only, and is asked for again after the next `tunnels up`.
class TypedPassphrases {
public:
  // Asks for the key files that these problems name, each file once, and sets the agent that has them in the
  // plan. False if no key was added, so that another attempt would fail as the last one. Never asks for a
  // node with BatchMode, or if there is nobody to ask. Error{interrupted}.
  bool ask(const std::vector<Problem>& problems, Plan& plan);
  // Ends the agent, and the keys with it, before this object ends.
  void forget() { agent_.reset(); }

private:
  bool ask_for(const std::filesystem::path& key_file, const Plan& plan);

  std::set<std::filesystem::path> asked_;
  std::unique_ptr<PassphraseAgent> agent_;
};

}  // namespace labctl::tunnels
