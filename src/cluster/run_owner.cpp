#include "cluster/run_owner.hpp"

#include "base/error.hpp"
#include "base/paths.hpp"
#include "base/process_start.hpp"
#include "base/text.hpp"
#include "base/user.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <array>
#include <ctime>
#include <filesystem>

namespace labctl::cluster {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

std::string this_machine() {
  return trim(read_file("/proc/sys/kernel/random/boot_id")) + " " +
         std::filesystem::read_symlink("/proc/self/ns/pid").string();
}

// 0 if the process does not exist or is a zombie.
unsigned long long start_of(long pid) {
  try {
    return process_start(read_file(fmt::format("/proc/{}/stat", pid)));
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

bool RunOwner::has_ended() const { return machine == this_machine() && start_of(pid) != start; }

std::string RunOwner::text() const {
  return fmt::format("{}@{} (process {}) since {}", user, host, pid, since);
}

RunOwner this_run() {
  const long pid = ::getpid();
  return {user_name(::geteuid()), host_name(),
          this_machine(),         pid,
          start_of(pid),          fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)))};
}

std::string to_json_text(const RunOwner& owner) {
  const nlohmann::ordered_json json{{"user", owner.user}, {"host", owner.host},   {"machine", owner.machine},
                                    {"pid", owner.pid},   {"start", owner.start}, {"since", owner.since}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

RunOwner parse_run_owner(const std::string& json, const std::string& where) {
  try {
    const auto owner = nlohmann::json::parse(json);
    return {owner.at("user"), owner.at("host"),  owner.at("machine"),
            owner.at("pid"),  owner.at("start"), owner.at("since")};
  } catch (const nlohmann::json::exception& e) {
    throw Error(Kind::invalid, std::string("does not name the owner of the run: ") + e.what(), where);
  }
}

}  // namespace labctl::cluster
