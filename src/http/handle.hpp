#pragma once

#include "http/client.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

// Shared by all users of libcurl in this folder; internal to it.
namespace labctl::http {

struct ListDelete {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDelete>;

void append(List& list, const std::string& line);

// An easy handle for one server.
class Handle {
public:
  explicit Handle(Server server);

  CURL* get() const { return easy_.get(); }
  const Server& server() const { return server_; }

  // Resets the handle for a new request (connections and the DNS cache stay) and sets the server.
  void begin(const std::string& target);

  template <typename Value>
  void set(CURLoption option, Value value) {
    check(curl_easy_setopt(easy_.get(), option, value));
  }

  // Throws the error for this result of a request: Error{unreachable}, {timeout}, {invalid} or {system}, with
  // the server in `where`.
  [[noreturn]] void fail(CURLcode code) const;

private:
  struct EasyDelete {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };

  void check(CURLcode code) const;

  Server server_;
  std::unique_ptr<CURL, EasyDelete> easy_;
  List connect_to_;
  std::array<char, CURL_ERROR_SIZE> message_{};
};

}  // namespace labctl::http
