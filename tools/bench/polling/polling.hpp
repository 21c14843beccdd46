#pragma once

#include "http/wait_strategy.hpp"

namespace labctl {

// Looks once a second, as tools do that know no events.
class Polling : public http::WaitStrategy {
public:
  std::uint64_t ask_from(std::uint64_t index) const override;
  std::optional<bool> instead_of_stream(const std::function<bool()>& done, Deadline deadline) const override;
  std::string tail_options() const override;
};

}  // namespace labctl
