#include "http/handle.hpp"

#include "base/address.hpp"
#include "base/error.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

namespace labctl::http {
namespace {

void global_init() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(Kind::system, "libcurl does not start");
}

// As libcurl does, but with SOCK_CLOEXEC: programs that we start must not inherit the socket, because a
// forwarded docker.sock is root on its node.
curl_socket_t open_socket(void* /*ours*/, curlsocktype /*purpose*/, curl_sockaddr* address) {
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

}  // namespace

void append(List& list, const std::string& line) {
  curl_slist* grown = curl_slist_append(list.get(), line.c_str());
  if (grown == nullptr) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(grown);
}

Handle::Handle(Server server) : server_(std::move(server)) {
  global_init();
  easy_.reset(curl_easy_init());
  if (!easy_) throw std::bad_alloc();
  const auto& address = server_.address;
  if (!server_.name.empty() && !address.is_unix_socket())
    append(connect_to_, host_port(server_.name, address.port) + ":" + url_host(address.host) + ":");
}

void Handle::begin(const std::string& target) {
  curl_easy_reset(easy_.get());
  message_[0] = '\0';
  const auto& address = server_.address;
  const std::uint16_t port = address.is_unix_socket() ? 80 : address.port;
  set(CURLOPT_URL, ("http://" + host_port(server_.host(), port) + target).c_str());
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_ERRORBUFFER, message_.data());
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  if (address.is_unix_socket()) set(CURLOPT_UNIX_SOCKET_PATH, address.path.c_str());
  if (connect_to_) set(CURLOPT_CONNECT_TO, connect_to_.get());
}

void Handle::fail(CURLcode code) const {
  long os_error = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &os_error);
  const bool unix_socket = server_.address.is_unix_socket();
  std::string why = message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
  Kind kind = Kind::system;
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      kind = Kind::unreachable;
      if (unix_socket && os_error == ENOENT) {
        why = "the socket file does not exist";
      } else if (unix_socket && os_error == ECONNREFUSED) {
        why = "connection refused: no process listens on the socket file";
      } else if (os_error != 0) {
        why = std::string("cannot connect: ") + std::strerror(static_cast<int>(os_error));
      }
      break;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      kind = Kind::unreachable;
      break;
    case CURLE_OPERATION_TIMEDOUT:
      kind = Kind::timeout;
      break;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_HTTP2:
      kind = Kind::invalid;
      break;
    default:
      break;
  }
  throw Error(kind, why, server_.display());
}

void Handle::check(CURLcode code) const {
  if (code != CURLE_OK) throw Error(Kind::system, curl_easy_strerror(code), server_.display());
}

}  // namespace labctl::http
