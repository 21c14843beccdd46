#pragma once

#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "http/client.hpp"
#include "support/temp_dir.hpp"

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace labctl::test {

// The consul program: from PATH, or from the cache that tools/setup fills.
std::optional<std::string> consul_program();

// A real Consul agent (development mode, loopback only) that leads and has itself, and its tokens, in the
// catalog. `settings`: further lines of its configuration; `token`: one that may read the catalog, if ACLs
// deny it. It is ended by its pid.
class ConsulAgent {
public:
  explicit ConsulAgent(const std::vector<std::string>& settings = {}, const Secret& token = {});
  ~ConsulAgent();
  ConsulAgent(const ConsulAgent&) = delete;
  ConsulAgent& operator=(const ConsulAgent&) = delete;

  Endpoint server() const;

private:
  void await_member(const Secret& token);
  void await_line(const std::string& words);

  TempDir dir_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
  UniqueFd output_;
};

}  // namespace labctl::test
