// Which keys a login offers, in which order, and the result of each.
#include "base/text.hpp"
#include "ssh/login.hpp"
#include "ssh/wire.hpp"

#include <libssh2.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <utility>

namespace labctl::ssh {
namespace {

// For a key that no agent has.
std::string why_not_usable(const Identity& identity) {
  const std::string path = identity.path.string();
  if (identity.security_key) {
    return "key file needs a security key, which labctl uses through an agent only, and no agent has it: " +
           path;
  }
  if (identity.encrypted) return "key file needs a passphrase, and no agent has it: " + path;
  std::error_code ignored;
  if (std::filesystem::exists(identity.path, ignored)) return "no agent has the private key of " + path;
  return "key file is missing: " + path + ", and no agent has " + path + ".pub";
}

// An agent lists its keys at once; a signature may need the user's confirmation.
constexpr std::chrono::seconds list_patience{3};
constexpr std::chrono::seconds sign_patience{6};
// sshd disconnects after MaxAuthTries refused keys. This is OpenSSH's default, so ssh makes no seventh offer
// either.
constexpr std::size_t most_keys = 6;

// The data to be signed contains the algorithm that libssh2 chose (RFC 4252, section 7).
std::string signing_algorithm(std::string_view data) {
  WireReader reader(data);
  reader.string();  // session id
  reader.u8();      // SSH_MSG_USERAUTH_REQUEST
  reader.string();  // user
  reader.string();  // service
  reader.string();  // "publickey"
  reader.u8();      // true
  return std::string(reader.string());
}

// One signature that libssh2 requests and the agent makes.
struct Signature {
  std::string data;
  std::optional<std::string> bytes;

  static int sign(LIBSSH2_SESSION*, unsigned char** out, size_t* size, const unsigned char* data,
                  size_t data_size, void** abstract) {
    auto& self = *static_cast<Signature*>(*abstract);
    if (!self.bytes) {
      self.data.assign(reinterpret_cast<const char*>(data), data_size);
      return LIBSSH2_ERROR_EAGAIN;
    }
    *size = self.bytes->size();
    *out = static_cast<unsigned char*>(std::malloc(*size));  // NOLINT: libssh2 frees it
    if (*out == nullptr) return LIBSSH2_ERROR_ALLOC;
    std::memcpy(*out, self.bytes->data(), *size);
    return 0;
  }
};

}  // namespace

void Login::load_identities() {
  const Target& target = session_->target_;
  for (const auto& path : target.identities) {
    std::optional<UserCertificate> certificate;
    if (target.certificates.empty()) take_certificate(path.string() + "-cert.pub", certificate);
    try {
      identities_.push_back(load_identity(path));
      identities_.back().certificate = certificate;
    } catch (const Failure& problem) {
      if (certificate) certificates_.push_back(*certificate);  // an agent may have its key
      if (target.identity_required) throw;
      if (problem.cause() != Cause::identity_missing && !key_problem_) key_problem_ = problem;
    }
  }
}

void Login::load_certificates() {
  for (const auto& path : session_->target_.certificates) {
    std::optional<UserCertificate> certificate;
    take_certificate(path, certificate);
    if (certificate) {
      certificates_.push_back(std::move(*certificate));
    } else if (std::error_code ignored; !std::filesystem::exists(path, ignored)) {
      told_.push_back("certificate file is missing: " + path.string());
    }
  }
}

// As in ssh, a certificate that cannot be used does not end the login.
void Login::take_certificate(const std::filesystem::path& path, std::optional<UserCertificate>& certificate) {
  try {
    certificate = load_user_certificate(path);
  } catch (const Error& error) {
    told_.push_back("certificate file " + path.string() + " is not used: " + error.what());
  }
}

// The agent is asked only when a key needs it: an agent that does not answer must not fail a login that works
// without it.
asio::awaitable<void> Login::ask_agent(Deadline deadline) {
  if (agent_asked_) co_return;
  agent_asked_ = true;
  const auto& path = session_->target_.agent_socket;
  if (path.empty()) co_return;
  *stage_ = "the ssh-agent's list of keys";
  agent_ = co_await Agent::connect(path);
  if (agent_) agent_keys_ = co_await agent_->keys(deadline.at_most(list_patience));
  if (session_->failure_) throw Failure(*session_->failure_);
  *stage_ = "the login";
  if (!agent_) {
    told_.push_back("no ssh-agent listens at " + path.string());
  } else if (agent_->silent()) {
    told_.push_back("the ssh-agent at " + path.string() + " does not answer");
  } else if (agent_keys_.empty()) {
    told_.push_back("the ssh-agent at " + path.string() + " has no keys, or is locked");
  }
}

// Nothing is told of this agent: it is labctl's own, and has ended if its passphrases were for an earlier
// login.
asio::awaitable<void> Login::ask_passphrase_agent(Deadline deadline) {
  const auto& path = session_->target_.passphrase_agent;
  if (path.empty()) co_return;
  passphrase_agent_ = co_await Agent::connect(path);
  if (passphrase_agent_) passphrase_keys_ = co_await passphrase_agent_->keys(deadline.at_most(list_patience));
  if (session_->failure_) throw Failure(*session_->failure_);
}

std::optional<Login::HeldKey> Login::held_key(std::string_view public_key) {
  if (public_key.empty()) return std::nullopt;
  const auto same = [&](const Agent::Key& key) { return key.blob == public_key; };
  const auto typed = std::find_if(passphrase_keys_.begin(), passphrase_keys_.end(), same);
  if (typed != passphrase_keys_.end()) return HeldKey{&*passphrase_agent_, &*typed};
  const auto found = std::find_if(agent_keys_.begin(), agent_keys_.end(), same);
  if (found != agent_keys_.end()) return HeldKey{&*agent_, &*found};
  return std::nullopt;
}

bool Login::of_a_file(const Agent::Key& key) const {
  const auto of_identity = [&](const Identity& identity) {
    return identity.public_key == key.blob ||
           (identity.certificate && identity.certificate->blob == key.blob);
  };
  const auto is_certificate = [&](const UserCertificate& one) { return one.blob == key.blob; };
  return std::any_of(identities_.begin(), identities_.end(), of_identity) ||
         std::any_of(certificates_.begin(), certificates_.end(), is_certificate);
}

bool Login::may_try() const { return tried_ < most_keys && session_->farewell_.empty(); }

// After a refusal: sshd may have accepted the key and require a second factor.
asio::awaitable<void> Login::check_second_factor(const std::string& key) {
  if (!session_->farewell_.empty()) co_return;
  const std::string& user = session_->target_.user;
  const char* list = nullptr;
  co_await step([&] {
    list = libssh2_userauth_list(session_->raw_, user.data(), static_cast<unsigned int>(user.size()));
    return list != nullptr ? 0 : libssh2_session_last_errno(session_->raw_);
  });
  if (session_->failure_) throw Failure(*session_->failure_);
  if (list == nullptr) co_return;
  const auto methods = split(list, ',');
  if (std::find(methods.begin(), methods.end(), "publickey") != methods.end()) co_return;
  throw failure(
      Cause::second_factor,
      key + " is accepted for user " + user + ", but sshd wants a second factor (" + join(methods, " or ") +
          "), which a daemon cannot give",
      "AuthenticationMethods publickey for this user in sshd_config, at least for logins from here");
}

asio::awaitable<bool> Login::try_identity(const Identity& identity, const UserCertificate* certificate,
                                          Deadline deadline) {
  const std::string& key = certificate == nullptr ? identity.public_key : certificate->certificate.key;
  if (certificate != nullptr && !identity.public_key.empty() && key != identity.public_key) {
    told_.push_back(certificate->path.string() + " is not a certificate of " + identity.path.string());
    co_return false;
  }
  certificate_tried_ = certificate_tried_ || certificate != nullptr;
  if (identity.usable()) co_return co_await try_file(identity, certificate);
  auto held = held_key(key);
  if (!held) co_await ask_agent(deadline);
  if (!held) held = held_key(key);
  if (!held && certificate != nullptr) held = held_key(certificate->blob);
  if (held) co_return co_await try_agent(*held, certificate, deadline);
  if (identity.encrypted && !key.empty()) {
    co_await ask_about_encrypted(identity, certificate);
  } else if (certificate == nullptr) {
    told_.push_back(why_not_usable(identity));  // once, for the key itself
    if (identity.encrypted && locked_.empty()) locked_ = identity.path;
  }
  co_return false;
}

asio::awaitable<bool> Login::try_certificate(const UserCertificate& certificate, Deadline deadline) {
  for (const Identity& identity : identities_) {
    if (identity.public_key == certificate.certificate.key)
      co_return co_await try_identity(identity, &certificate, deadline);
  }
  if (!session_->target_.identities_only) co_await ask_agent(deadline);
  auto held = held_key(certificate.certificate.key);
  if (!held) held = held_key(certificate.blob);
  if (held) {
    certificate_tried_ = true;
    co_return co_await try_agent(*held, &certificate, deadline);
  }
  told_.push_back("no key file and no agent has the private key of certificate " + certificate.path.string());
  co_return false;
}

void Login::tell_refusal(const std::string& name, const Certificate* certificate) {
  told_.push_back(name + " is refused" +
                  (certificate == nullptr
                       ? ""
                       : likely_refusal(*certificate, session_->target_.user, std::time(nullptr))));
}

asio::awaitable<bool> Login::try_file(const Identity& identity, const UserCertificate* certificate) {
  const std::string& user = session_->target_.user;
  const std::string public_line = certificate == nullptr ? "" : certificate->line();
  const int code = co_await step([&] {
    return libssh2_userauth_publickey_frommemory(
        session_->raw_, user.data(), user.size(), certificate == nullptr ? nullptr : public_line.data(),
        public_line.size(), identity.text.data(), identity.text.size(), nullptr);
  });
  ++tried_;
  if (code == 0) co_return true;
  if (session_->failure_ && session_->farewell_.empty()) throw Failure(*session_->failure_);
  const std::string path = (certificate == nullptr ? identity.path : certificate->path).string();
  if (code == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED) co_await check_second_factor(path);
  if (code == LIBSSH2_ERROR_AUTHENTICATION_FAILED || code == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED ||
      !session_->farewell_.empty()) {
    tell_refusal(path, certificate == nullptr ? nullptr : &certificate->certificate);
    co_return false;
  }
  // Any error other than a refusal by the peer means that the key itself cannot be used.
  const Failure problem =
      failure(Cause::identity_invalid, "cannot use key file " + path + ": " + last_error());
  if (session_->target_.identity_required) throw Failure(problem);
  if (!key_problem_) key_problem_ = problem;
  told_.push_back(path + " cannot be used: " + last_error());
  co_return false;
}

// As ssh, which asks for no passphrase before sshd has accepted the public key.
asio::awaitable<void> Login::ask_about_encrypted(const Identity& identity,
                                                 const UserCertificate* certificate) {
  const std::string& user = session_->target_.user;
  const std::string& offered = certificate == nullptr ? identity.public_key : certificate->blob;
  const auto* bytes = reinterpret_cast<const unsigned char*>(offered.data());
  bool accepted = false;
  void* abstract = &accepted;
  const auto answer = [](LIBSSH2_SESSION*, unsigned char**, size_t*, const unsigned char*, size_t,
                         void** pointer) {
    *static_cast<bool*>(*pointer) = true;
    return LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED;  // there is no signature
  };
  ++tried_;
  co_await step([&] {
    return libssh2_userauth_publickey(session_->raw_, user.c_str(), bytes, offered.size(), answer, &abstract);
  });
  if (session_->failure_ && session_->farewell_.empty()) throw Failure(*session_->failure_);
  const std::string path = (certificate == nullptr ? identity.path : certificate->path).string();
  if (!accepted) {
    tell_refusal(path, certificate == nullptr ? nullptr : &certificate->certificate);
    co_return;
  }
  told_.push_back(path + " would be accepted, but " + (certificate == nullptr ? "it" : "its key") +
                  " needs a passphrase, and no agent has it");
  if (!std::exchange(locked_accepted_, true)) locked_ = identity.path;
}

asio::awaitable<bool> Login::try_agent(HeldKey held, const UserCertificate* certificate, Deadline deadline) {
  const Agent::Key& key = *held.key;
  Agent& agent = *held.agent;
  const std::string& user = session_->target_.user;
  const std::string kind = is_certificate_type(key_type(key.blob)) ? " (a certificate)" : "";
  const std::string name = "the agent's " + (key.comment.empty() ? key_type(key.blob) : key.comment) + kind +
                           (certificate == nullptr ? "" : " with " + certificate->path.string());
  Signature signature;
  void* abstract = &signature;
  const std::string& offered = certificate == nullptr ? key.blob : certificate->blob;
  const auto* bytes = reinterpret_cast<const unsigned char*>(offered.data());
  ++tried_;
  bool declined = false;
  while (true) {
    const int code = co_await step([&] {
      const int result = libssh2_userauth_publickey(session_->raw_, user.c_str(), bytes, offered.size(),
                                                    &Signature::sign, &abstract);
      // 1 ends the wait for input, because the signature is what is missing.
      return result == LIBSSH2_ERROR_EAGAIN && !signature.data.empty() && !signature.bytes ? 1 : result;
    });
    if (code == 0) co_return true;
    if (code != 1) {
      if (session_->failure_ && session_->farewell_.empty()) throw Failure(*session_->failure_);
      if (code == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED && !declined) co_await check_second_factor(name);
      if (declined) {
        told_.push_back(name + " is not used: the agent declines to sign");
      } else {
        tell_refusal(name, certificate == nullptr ? nullptr : &certificate->certificate);
      }
      co_return false;
    }
    *stage_ = "the ssh-agent's signature";
    auto made = co_await agent.sign(key.blob, signature.data, signing_algorithm(signature.data),
                                    deadline.at_most(sign_patience));
    if (session_->failure_) throw Failure(*session_->failure_);
    *stage_ = "the login";
    if (agent.silent()) {
      throw failure(Cause::agent_silent,
                    "the ssh-agent does not sign with " + name.substr(name.find(' ') + 1),
                    "is it waiting for a touch or a confirmation?");
    }
    // If the agent refuses to sign, libssh2 still needs a result: an empty signature, which the node rejects.
    declined = !made;
    signature.bytes = made.value_or("");
  }
}

asio::awaitable<void> Login::authenticate(Deadline deadline) {
  *stage_ = "the login";
  const Target& target = session_->target_;
  co_await ask_passphrase_agent(deadline);
  // As in ssh, certificates of CertificateFile come first.
  for (const UserCertificate& certificate : certificates_) {
    if (may_try() && co_await try_certificate(certificate, deadline)) co_return;
  }
  for (const Identity& identity : identities_) {
    if (may_try() && co_await try_identity(identity, nullptr, deadline)) co_return;
    if (may_try() && identity.certificate &&
        co_await try_identity(identity, &*identity.certificate, deadline))
      co_return;
  }
  for (const Agent::Key& key : passphrase_keys_) {  // of files that do not show their public key
    if (!of_a_file(key) && may_try() && co_await try_agent({&*passphrase_agent_, &key}, nullptr, deadline))
      co_return;
  }
  if (!target.identities_only && may_try()) {
    co_await ask_agent(deadline);
    for (const Agent::Key& key : agent_keys_) {
      if (of_a_file(key)) continue;
      if (!may_try()) {
        ++left_out_;
        continue;
      }
      if (co_await try_agent({&*agent_, &key}, nullptr, deadline)) co_return;
    }
  }
  throw no_key_accepted();
}

Failure Login::no_key_accepted() const {
  const Target& target = session_->target_;
  const std::string told =
      join(told_, "; ") +
      (session_->farewell_.empty() ? "" : "; then sshd ended the login: " + session_->farewell_);
  if (agent_ && agent_->silent()) {
    return failure(Cause::agent_silent, told,
                   "is it waiting for a touch or a confirmation? ssh-add -l shows whether it answers");
  }
  if (locked_accepted_ || (!locked_.empty() && left_out_ == 0)) {
    return Failure(Cause::identity_encrypted, told, target.name,
                   "ssh-add " + locked_.string() + "; or labctl tunnels up on a terminal, which asks for it",
                   locked_);
  }
  if (left_out_ > 0) {
    return failure(Cause::key_not_tried,
                   "no key is accepted for user " + target.user + ": " + told + "; " +
                       std::to_string(left_out_) + " of the agent's " + std::to_string(agent_keys_.size()) +
                       " keys were not tried, because sshd ends a login after a few refused ones",
                   "choose the key: identity: in the inventory, or IdentityFile with IdentitiesOnly yes (the "
                   "public part is enough)");
  }
  if (tried_ > 0) {
    return failure(Cause::key_refused, "no key is accepted for user " + target.user + ": " + told,
                   "is the public part of one in ~" + target.user + "/.ssh/authorized_keys on the node" +
                       (certificate_tried_ ? ", or the certificate's authority in TrustedUserCAKeys?" : "?"));
  }
  if (!identities_.empty()) {
    return failure(Cause::identity_missing, told,
                   "give the right `identity` in the inventory, or ssh-add the key");
  }
  if (key_problem_) return Failure(*key_problem_);
  return failure(Cause::identity_missing,
                 "there is no key to log in with" + (told.empty() ? "" : ": " + told),
                 "give `identity` in the inventory, or ssh-add a key");
}

}  // namespace labctl::ssh
