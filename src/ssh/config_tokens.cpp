#include "ssh/config_tokens.hpp"

#include "base/error.hpp"

#include <openssl/evp.h>

#include <array>

namespace labctl::ssh {
namespace {

std::string expand(std::string_view text, const Tokens* tokens, const Environment* environment) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (environment != nullptr && text.substr(at).starts_with("${")) {
      const auto close = text.find('}', at);
      if (close == std::string_view::npos) {
        throw Error(Kind::invalid, "${ without } in " + std::string(text));
      }
      const std::string name(text.substr(at + 2, close - at - 2));
      const auto value = name.empty() ? std::nullopt : (*environment)(name);
      if (!value) throw Error(Kind::invalid, "the environment has no ${" + name + "}");
      result += *value;
      at = close;
    } else if (tokens == nullptr || c != '%') {
      result += c;
    } else {
      if (++at == text.size()) throw Error(Kind::invalid, "a lone % in " + std::string(text));
      if (text[at] == '%') {
        result += '%';
      } else if (const auto found = tokens->find(text[at]); found != tokens->end()) {
        result += found->second;
      } else {
        throw Error(Kind::invalid, "%" + std::string(1, text[at]) + " is no token here");
      }
    }
  }
  return result;
}

}  // namespace

std::string expand_tokens(std::string_view text, const Tokens& tokens) {
  return expand(text, &tokens, nullptr);
}

std::string expand_environment(std::string_view text, const Environment& environment) {
  return expand(text, nullptr, &environment);
}

std::string expand_tokens_and_environment(std::string_view text, const Tokens& tokens,
                                          const Environment& environment) {
  return expand(text, &tokens, &environment);
}

std::string connection_hash(std::string_view this_host, std::string_view host, std::string_view port,
                            std::string_view user, std::string_view proxy_jump) {
  std::string all(this_host);
  all.append(host).append(port).append(user).append(proxy_jump);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha1(), nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

}  // namespace labctl::ssh
