#pragma once

#include "base/deadline.hpp"
#include "ssh/failure.hpp"
#include "tunnels/plan.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace labctl::ssh {
class Channel;
}

namespace labctl::tunnels {

// Gives a channel to a remote end. Throws ssh::Failure.
using Opener = std::function<asio::awaitable<std::shared_ptr<ssh::Channel>>(ssh::Remote, Deadline)>;

// Proves that the remote end of a forward answers, through a channel of its own. Returns the time that
// opening the channel took. Throws ssh::Failure: what open() says, target_no_answer, or bad_answer.
asio::awaitable<std::chrono::microseconds> check_answer(const Opener& open, const PlannedForward& forward,
                                                        Deadline deadline);

// What an HTTP answer means for a check: nothing if it is well, else what is wrong.
std::optional<std::string> judge_answer(Check check, const std::string& answer);

}  // namespace labctl::tunnels
