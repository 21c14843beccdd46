#include "tunnels/socks.hpp"

#include <asio/ip/address_v4.hpp>
#include <asio/ip/address_v6.hpp>

#include <algorithm>
#include <utility>

namespace labctl::tunnels {
namespace {

using ssh::Cause;

constexpr std::uint8_t socks_version = 5;
constexpr std::uint8_t socks_no_authentication = 0;
constexpr std::uint8_t socks_connect = 1;
constexpr std::uint8_t socks_ipv4 = 1;
constexpr std::uint8_t socks_name = 3;
constexpr std::uint8_t socks_ipv6 = 4;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

std::string text_of(std::initializer_list<int> bytes) {
  std::string text;
  for (const int one : bytes) text += static_cast<char>(one);
  return text;
}

template <typename Address>
std::string address_text(std::string_view bytes) {
  typename Address::bytes_type raw;
  for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = byte_at(bytes, i);
  return Address(raw).to_string();
}

// Whether sshd can be asked for it: printable ASCII without blanks.
bool is_host(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

SocksReply reply_to(Cause cause) {
  switch (cause) {
    case Cause::forwarding_denied:
      return SocksReply::not_allowed;
    case Cause::target_refused:
      return SocksReply::connection_refused;
    case Cause::target_unreachable:
    case Cause::target_no_answer:
      return SocksReply::host_unreachable;
    default:
      return SocksReply::general_failure;
  }
}

std::string socks_reply(SocksReply code) {
  return text_of({socks_version, static_cast<int>(code), 0, socks_ipv4, 0, 0, 0, 0, 0, 0});
}

std::string SocksReader::refuse(std::string problem, std::string answer) {
  state_ = State::refused;
  wanted_ = 0;
  problem_ = std::move(problem);
  return answer;
}

std::string SocksReader::take(std::string_view bytes) {
  switch (part_) {
    case Part::version:
      return take_version(bytes);
    case Part::methods:
      return take_methods(bytes);
    case Part::request:
      return take_request(bytes);
    case Part::name_size:
      part_ = Part::address;
      wanted_ = byte_at(bytes, 0) + 2u;
      return {};
    case Part::address:
      break;
  }
  return take_address(bytes);
}

std::string SocksReader::take_version(std::string_view bytes) {
  // RFC 1928 has no reply for another version; SOCKS4 has one of eight bytes (91: rejected).
  if (byte_at(bytes, 0) == 4)
    return refuse("speaks SOCKS4 instead of SOCKS5", text_of({0, 91, 0, 0, 0, 0, 0, 0}));
  if (byte_at(bytes, 0) != socks_version) return refuse("does not speak SOCKS5");
  if (byte_at(bytes, 1) == 0)
    return refuse("offers no authentication method", text_of({socks_version, 0xff}));
  part_ = Part::methods;
  wanted_ = byte_at(bytes, 1);
  return {};
}

std::string SocksReader::take_methods(std::string_view bytes) {
  if (bytes.find(static_cast<char>(socks_no_authentication)) == std::string_view::npos)
    return refuse("insists on authentication", text_of({socks_version, 0xff}));
  part_ = Part::request;
  wanted_ = 4;
  return text_of({socks_version, socks_no_authentication});
}

std::string SocksReader::take_request(std::string_view bytes) {
  if (byte_at(bytes, 0) != socks_version)
    return refuse("sends a request that is not SOCKS5", socks_reply(SocksReply::general_failure));
  command_ = byte_at(bytes, 1);
  address_type_ = byte_at(bytes, 3);
  part_ = address_type_ == socks_name ? Part::name_size : Part::address;
  switch (address_type_) {
    case socks_ipv4:
      wanted_ = 4 + 2;
      return {};
    case socks_ipv6:
      wanted_ = 16 + 2;
      return {};
    case socks_name:
      wanted_ = 1;
      return {};
    default:
      return refuse("asks for address type " + std::to_string(address_type_) + ", which is not known",
                    socks_reply(SocksReply::address_type_not_supported));
  }
}

std::string SocksReader::take_address(std::string_view bytes) {
  if (command_ != socks_connect) {
    const std::string what = command_ == 2   ? "BIND"
                             : command_ == 3 ? "UDP ASSOCIATE"
                                             : "command " + std::to_string(command_);
    return refuse("asks for " + what + ", which is not supported",
                  socks_reply(SocksReply::command_not_supported));
  }
  const std::string_view host = bytes.substr(0, bytes.size() - 2);
  target_.port =
      static_cast<std::uint16_t>(byte_at(bytes, host.size()) << 8 | byte_at(bytes, host.size() + 1));
  target_.host = address_type_ == socks_ipv4   ? address_text<asio::ip::address_v4>(host)
                 : address_type_ == socks_ipv6 ? address_text<asio::ip::address_v6>(host)
                                               : std::string(host);
  if (!is_host(target_.host) || target_.port == 0)
    return refuse("asks for a host or port that cannot be", socks_reply(SocksReply::general_failure));
  state_ = State::ready;
  wanted_ = 0;
  return {};
}

std::string plain_host(std::string name) {
  if (name.ends_with('.')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

}  // namespace labctl::tunnels
