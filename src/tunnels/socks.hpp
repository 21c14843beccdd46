#pragma once

#include "base/endpoint.hpp"
#include "ssh/failure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace labctl::tunnels {

// Reply codes of RFC 1928, section 6.
enum class SocksReply : std::uint8_t {
  succeeded = 0,
  general_failure = 1,
  not_allowed = 2,
  network_unreachable = 3,
  host_unreachable = 4,
  connection_refused = 5,
  ttl_expired = 6,
  command_not_supported = 7,
  address_type_not_supported = 8,
};

// The code for a failure to open a channel.
SocksReply reply_to(ssh::Cause cause);
// A reply. The address in it is 0.0.0.0:0, because sshd does not say from where the node connects.
std::string socks_reply(SocksReply code);

// Reads what a SOCKS5 client sends before its data (RFC 1928): the methods, of which only "no authentication"
// is accepted, and a CONNECT request. No I/O.
class SocksReader {
public:
  enum class State {
    reading,
    ready,    // target() is what the client asks for
    refused,  // problem() says why; the connection must be closed
  };

  State state() const { return state_; }
  // The number of bytes to take next; not 0 while reading. So no byte of the client's data is ever taken.
  std::size_t wanted() const { return wanted_; }
  // Takes exactly wanted() bytes. Returns the bytes to send to the client; may be "".
  std::string take(std::string_view bytes);

  // The host is a name as the client wrote it, or an address as text.
  const Endpoint& target() const { return target_; }
  // "asks for BIND, which is not supported"
  const std::string& problem() const { return problem_; }

private:
  enum class Part { version, methods, request, name_size, address };

  std::string refuse(std::string problem, std::string answer = {});
  std::string take_version(std::string_view bytes);
  std::string take_methods(std::string_view bytes);
  std::string take_request(std::string_view bytes);
  std::string take_address(std::string_view bytes);

  State state_ = State::reading;
  Part part_ = Part::version;
  std::size_t wanted_ = 2;
  std::uint8_t command_ = 0;
  std::uint8_t address_type_ = 0;
  Endpoint target_;
  std::string problem_;
};

// A host name in lower case and without the dot at its end, as names are compared.
std::string plain_host(std::string name);

}  // namespace labctl::tunnels
