#include "inventory/forward_keys.hpp"

#include "inventory/local_ends.hpp"

#include <fmt/format.h>

#include <array>

namespace labctl::inventory {
namespace {

using Direction = Forward::Direction;

struct Form {
  Direction direction;
  const char* what;
  const char* keys;
  std::vector<std::string> required;
  std::vector<std::string> others;  // keys of another direction
};

const std::array forms{
    Form{
        Direction::local, "a forward", "{name, via, remote, local}", {"name", "remote", "local"}, {"public"}},
    Form{Direction::remote,
         "a remote forward",
         "{name, via, listen, to}",
         {"name", "via", "listen", "to"},
         {"remote", "local"}},
    Form{Direction::dynamic,
         "a dynamic forward",
         "{name, via, local, dynamic: true}",
         {"name", "local"},
         {"remote", "listen", "to", "public"}},
};

const Form& entry_form(const Fields& fields) {
  const auto* dynamic = field_of(fields, "dynamic");
  if (dynamic != nullptr && dynamic->boolean()) return forms[2];
  const bool remote = field_of(fields, "listen") != nullptr || field_of(fields, "to") != nullptr;
  return forms[remote ? 1 : 0];
}

}  // namespace

const YamlReader* field_of(const Fields& fields, const std::string& key) {
  const auto found = fields.find(key);
  return found == fields.end() || found->second.absent() ? nullptr : &found->second;
}

Direction direction_of(const YamlReader& at, const Fields& fields) {
  const Form& form = entry_form(fields);
  const auto hint = fmt::format("{} is {}", form.what, form.keys);
  for (const auto& key : form.others) {
    if (const auto* field = field_of(fields, key))
      field->fail(fmt::format("\"{}\" is {}, which has no {}", at.key(), form.what, key), hint);
  }
  for (const auto& key : form.required) {
    if (field_of(fields, key) == nullptr) at.fail(fmt::format("\"{}\" has no {}", at.key(), key), hint);
  }
  return form.direction;
}

void check_listen(const Fields& fields, const Endpoint& listen) {
  const auto& at = fields.at("listen");
  if (listen.is_unix_socket()) {
    at.fail(fmt::format("\"{}\" is a unix socket, {}; a remote forward can only listen at a TCP address",
                        at.key(), in_quotes(listen.path)),
            "libssh2 cannot ask sshd for a unix socket; use HOST:PORT");
  }
  const auto* field = field_of(fields, "public");
  const bool is_public = field != nullptr && field->boolean();
  if (is_loopback(listen.host)) {
    if (!is_public) return;
    field->fail(fmt::format("\"{}\" is true, but \"{}\" is {}, which no other machine can reach",
                            field->key(), at.key(), in_quotes(to_string(listen))),
                "leave one of them out, or listen at 0.0.0.0");
  }
  if (is_public) return;
  at.fail(
      fmt::format("\"{}\" is {}, which other machines could reach", at.key(), in_quotes(to_string(listen))),
      fmt::format("expected a loopback address, as 127.0.0.1:{}, or public: true as well", listen.port));
}

}  // namespace labctl::inventory
