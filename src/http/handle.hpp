#pragma once

#include "http/client.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

// What every use of libcurl in this folder shares; not for other folders.
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

  // Forgets the last request (connections and the DNS cache stay) and says how to reach the server.
  void begin(const std::string& target);

  template <typename Value>
  void set(CURLoption option, Value value) {
    check(curl_easy_setopt(easy_.get(), option, value));
  }

  // What a request that ended so says: Error{unreachable}, {timeout}, {invalid} or {system}, where the server
  // is.
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
