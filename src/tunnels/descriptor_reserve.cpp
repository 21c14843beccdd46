#include "tunnels/descriptor_reserve.hpp"

#include "base/unique_fd.hpp"

#include <sys/eventfd.h>
#include <sys/resource.h>

#include <algorithm>

namespace labctl::tunnels {
namespace {

constexpr std::uint64_t largest_reserve = 256;
constexpr std::uint64_t few_connections = 8;

}  // namespace

bool may_connect(std::uint64_t next, std::uint64_t connections, std::uint64_t limit) {
  const std::uint64_t reserve = std::min(largest_reserve, limit / 4);
  const std::uint64_t left = limit - std::min(next, limit);
  return left > (connections < few_connections ? reserve / 2 : reserve);
}

bool may_connect(int descriptor, std::uint64_t connections) {
  // Read each time: prlimit(1) can change it.
  rlimit limit{};
  if (descriptor < 0 || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  return may_connect(static_cast<std::uint64_t>(descriptor), connections, limit.rlim_cur);
}

bool may_connect(std::uint64_t connections) {
  const UniqueFd next(::eventfd(0, EFD_CLOEXEC));
  return may_connect(next.get(), connections);
}

}  // namespace labctl::tunnels
