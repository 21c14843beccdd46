#include "ssh/signature.hpp"

#include "ssh/wire.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

namespace labctl::ssh {
namespace {

template <auto function>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    function(object);
  }
};
template <typename T, auto function>
using Owned = std::unique_ptr<T, Free<function>>;

using Key = Owned<EVP_PKEY, EVP_PKEY_free>;
using Number = Owned<BIGNUM, BN_free>;
using Parameters = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;

constexpr int least_rsa_bits = 1024;  // as in ssh

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::string sha256(std::string_view data) {
  std::array<char, 32> digest{};
  EVP_Digest(data.data(), data.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(),
             nullptr);
  return {digest.data(), digest.size()};
}

Key make_key(const char* type, OSSL_PARAM_BLD* parameters) {
  const Owned<OSSL_PARAM, OSSL_PARAM_free> list(OSSL_PARAM_BLD_to_param(parameters));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!list || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, list.get()) != 1)
    return nullptr;
  return Key(key);
}

Key rsa_key(WireReader& reader) {
  const Number e = number(reader.string()), n = number(reader.string());
  const Parameters parameters(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(parameters.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(parameters.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  if (BN_num_bits(n.get()) < least_rsa_bits) return nullptr;
  return make_key("RSA", parameters.get());
}

// What differs between the curves of RFC 5656.
struct Curve {
  std::string_view name;
  const char* group;
  const EVP_MD* (*hash)();
};
constexpr std::array curves{Curve{"nistp256", "P-256", EVP_sha256}, Curve{"nistp384", "P-384", EVP_sha384},
                            Curve{"nistp521", "P-521", EVP_sha512}};

const Curve* find_curve(std::string_view name) {
  const auto* found =
      std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.name == name; });
  return found == curves.end() ? nullptr : found;
}

Key ecdsa_key(const Curve& curve, std::string_view point) {
  const Parameters parameters(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(parameters.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.group, 0);
  OSSL_PARAM_BLD_push_octet_string(parameters.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return make_key("EC", parameters.get());
}

Key ed25519_key(std::string_view bytes) {
  return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(bytes), bytes.size()));
}

bool verify(EVP_PKEY* key, const EVP_MD* hash, std::string_view data, std::string_view signature) {
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return key != nullptr && EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                          data.size()) == 1;
}

bool verify_rsa(WireReader& key_reader, const EVP_MD* hash, std::string_view data,
                std::string_view signature) {
  const Key key = rsa_key(key_reader);
  if (!key || key_reader.failed() || !key_reader.at_end()) return false;
  // OpenSSL wants the leading zeros that a signature in SSH may lack.
  const auto size = static_cast<std::size_t>(EVP_PKEY_get_size(key.get()));
  if (signature.size() > size) return false;
  return verify(key.get(), hash, data, std::string(size - signature.size(), '\0').append(signature));
}

bool verify_ecdsa(const Curve& curve, std::string_view point, std::string_view data,
                  std::string_view signature) {
  WireReader reader(signature);
  Number r = number(reader.string()), s = number(reader.string());
  if (reader.failed() || !reader.at_end()) return false;
  const Owned<ECDSA_SIG, ECDSA_SIG_free> pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), r.release(), s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  const std::string encoded(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  return verify(ecdsa_key(curve, point).get(), curve.hash(), data, encoded);
}

// What a security key signs: hash of its application, flags, counter, hash of the data.
std::string signed_by_security_key(std::string_view application, WireReader& signature,
                                   std::string_view data) {
  WireWriter message;
  message.u8(signature.u8());
  message.u32(signature.u32());
  return sha256(application) + message.bytes() + sha256(data);
}

}  // namespace

bool verify_signature(std::string_view key, std::string_view data, std::string_view signature) {
  WireReader key_reader(key), signature_reader(signature);
  const auto type = key_reader.string();
  const auto algorithm = signature_reader.string();
  const auto bytes = signature_reader.string();
  const bool hardware = type.starts_with("sk-");
  if (signature_reader.failed() || (!hardware && !signature_reader.at_end())) return false;
  if (type == "ssh-rsa") {
    const EVP_MD* hash = algorithm == "rsa-sha2-512"   ? EVP_sha512()
                         : algorithm == "rsa-sha2-256" ? EVP_sha256()
                                                       : nullptr;
    return hash != nullptr && verify_rsa(key_reader, hash, data, bytes);
  }
  if (algorithm != type) return false;
  const bool ed25519 = type == "ssh-ed25519" || type == "sk-ssh-ed25519@openssh.com";
  const auto curve_name = ed25519 ? std::string_view() : key_reader.string();
  const auto point = key_reader.string();
  std::string message(data);
  if (hardware) message = signed_by_security_key(key_reader.string(), signature_reader, data);
  if (key_reader.failed() || !key_reader.at_end() || signature_reader.failed() || !signature_reader.at_end())
    return false;
  if (ed25519) return verify(ed25519_key(point).get(), nullptr, message, bytes);
  const Curve* curve = find_curve(curve_name);
  const std::string named = std::string(hardware ? "sk-" : "") + "ecdsa-sha2-" + std::string(curve_name) +
                            (hardware ? "@openssh.com" : "");
  return curve != nullptr && type == named && verify_ecdsa(*curve, point, message, bytes);
}

}  // namespace labctl::ssh
