#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace labctl::ssh {

// ssh_config(5), TOKENS: the letter after the percent sign, and its replacement.
using Tokens = std::map<char, std::string>;
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// Replaces %-tokens and "%%". Error{invalid} for an unknown letter.
std::string expand_tokens(std::string_view text, const Tokens& tokens);

// Replaces ${NAME}. Error{invalid} for a variable that is not set, or without closing brace.
std::string expand_environment(std::string_view text, const Environment& environment);

// Both in one pass: replacements are not expanded again.
std::string expand_tokens_and_environment(std::string_view text, const Tokens& tokens,
                                          const Environment& environment);

// %C: identifies a connection from this machine. SHA-1 of the concatenated arguments, in hexadecimal.
std::string connection_hash(std::string_view this_host, std::string_view host, std::string_view port,
                            std::string_view user, std::string_view proxy_jump);

}  // namespace labctl::ssh
