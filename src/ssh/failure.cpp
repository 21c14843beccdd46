#include "ssh/failure.hpp"

#include <array>
#include <utility>

namespace labctl::ssh {
namespace {

struct Row {
  Cause cause;
  std::string_view word;
  Kind kind;
};

constexpr std::array rows{
    Row{Cause::name_unknown, "name-unknown", Kind::unreachable},
    Row{Cause::config_refused, "config-refused", Kind::refused},
    Row{Cause::unreachable, "unreachable", Kind::unreachable},
    Row{Cause::no_answer, "no-answer", Kind::timeout},
    Row{Cause::host_key_unknown, "host-key-unknown", Kind::refused},
    Row{Cause::host_key_changed, "host-key-changed", Kind::refused},
    Row{Cause::host_key_revoked, "host-key-revoked", Kind::refused},
    Row{Cause::identity_missing, "identity-missing", Kind::not_found},
    Row{Cause::identity_too_open, "identity-too-open", Kind::refused},
    Row{Cause::identity_encrypted, "identity-encrypted", Kind::refused},
    Row{Cause::identity_invalid, "identity-invalid", Kind::invalid},
    Row{Cause::key_refused, "key-refused", Kind::refused},
    Row{Cause::key_not_tried, "key-not-tried", Kind::refused},
    Row{Cause::second_factor, "second-factor", Kind::refused},
    Row{Cause::agent_silent, "agent-silent", Kind::timeout},
    Row{Cause::forwarding_denied, "forwarding-denied", Kind::refused},
    Row{Cause::target_refused, "target-refused", Kind::unavailable},
    Row{Cause::target_denied, "target-denied", Kind::refused},
    Row{Cause::target_unreachable, "target-unreachable", Kind::unavailable},
    Row{Cause::target_no_answer, "target-no-answer", Kind::unavailable},
    Row{Cause::bad_answer, "bad-answer", Kind::unavailable},
    Row{Cause::local_in_use, "local-in-use", Kind::conflict},
    Row{Cause::local_failed, "local-failed", Kind::system},
    Row{Cause::no_descriptors, "no-descriptors", Kind::system},
    Row{Cause::listen_failed, "listen-failed", Kind::conflict},
    Row{Cause::listen_public, "listen-public", Kind::refused},
    Row{Cause::lost, "lost", Kind::unreachable},
    Row{Cause::protocol, "protocol", Kind::unreachable},
    Row{Cause::stopped, "stopped", Kind::interrupted},
};

const Row& row(Cause cause) { return rows[static_cast<std::size_t>(cause)]; }

}  // namespace

std::string_view to_string(Cause cause) { return row(cause).word; }

Cause cause_from(std::string_view word) {
  for (const Row& row : rows) {
    if (row.word == word) return row.cause;
  }
  throw Error(Kind::invalid, "no such cause: " + std::string(word));
}

Failure::Failure(Cause cause, const std::string& what, std::string where, std::string hint,
                 std::filesystem::path key_file)
    : Error(row(cause).kind, what, std::move(where), std::move(hint)),
      cause_(cause),
      key_file_(std::move(key_file)) {}

}  // namespace labctl::ssh
