#pragma once

#include "base/unique_fd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <thread>

namespace labctl::bench {

// A small HTTP server on loopback, one thread with epoll: "GET /" answers OK and keeps the connection, "GET
// /N" sends N bytes, "PUT /N" takes N bytes after the request and answers OK.
class HttpServer {
public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const { return port_; }

private:
  void run();

  UniqueFd listener_;
  UniqueFd stop_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

struct Load {
  double per_second = 0;  // answers
  std::chrono::microseconds median{0};
};

// Keeps `connections` clients of a unix socket busy, each with one request at a time, for `duration`. With
// `fresh` every request has a connection of its own.
Load load(const std::filesystem::path& socket, std::size_t connections, bool fresh,
          std::chrono::milliseconds duration);

// MB/s of one stream of `bytes`, from the server or to it.
double download(const std::filesystem::path& socket, std::uint64_t bytes);
double upload(const std::filesystem::path& socket, std::uint64_t bytes);

}  // namespace labctl::bench
