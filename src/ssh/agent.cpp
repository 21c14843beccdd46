#include "ssh/agent.hpp"

#include "ssh/certificate.hpp"
#include "ssh/wire.hpp"

#include <asio/read.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>

#include <array>

namespace labctl::ssh {
namespace {

// Message numbers and flags of draft-miller-ssh-agent.
constexpr std::uint8_t request_identities = 11;
constexpr std::uint8_t identities_answer = 12;
constexpr std::uint8_t sign_request = 13;
constexpr std::uint8_t sign_response = 14;
constexpr std::uint32_t rsa_sha2_256 = 2;
constexpr std::uint32_t rsa_sha2_512 = 4;
constexpr std::size_t longest_answer = 256 * 1024;

}  // namespace

asio::awaitable<std::optional<Agent>> Agent::connect(const std::filesystem::path& path) {
  Socket socket(co_await asio::this_coro::executor);
  std::error_code error;
  if (path.empty() || path.string().size() >= sizeof(sockaddr_un::sun_path)) co_return std::nullopt;
  co_await socket.async_connect(asio::local::stream_protocol::endpoint(path.string()),
                                asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return std::nullopt;
  co_return Agent(std::move(socket));
}

asio::awaitable<std::string> Agent::ask(std::string_view request, Deadline deadline) {
  const auto state = state_;
  asio::steady_timer timer(state->socket.get_executor(), deadline.at());
  timer.async_wait([state](std::error_code error) {
    if (error) return;
    std::error_code ignored;
    state->silent = true;
    state->socket.close(ignored);
  });
  WireWriter message;
  message.string(request);
  std::error_code error;
  co_await asio::async_write(state->socket, asio::buffer(message.bytes()),
                             asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return std::string();
  std::array<char, 4> head{};
  co_await asio::async_read(state->socket, asio::buffer(head),
                            asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return std::string();
  const std::size_t size = WireReader({head.data(), head.size()}).u32();
  if (size == 0 || size > longest_answer) co_return std::string();
  std::string answer(size, '\0');
  co_await asio::async_read(state->socket, asio::buffer(answer),
                            asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return std::string();
  co_return answer;
}

asio::awaitable<std::vector<Agent::Key>> Agent::keys(Deadline deadline) {
  const char request = request_identities;
  const std::string answer = co_await ask({&request, 1}, deadline);
  std::vector<Key> keys;
  WireReader reader(answer);
  if (reader.u8() != identities_answer) co_return keys;
  for (std::uint32_t count = reader.u32(); count > 0; --count) {
    const auto blob = reader.string();
    const auto comment = reader.string();
    if (reader.failed()) break;
    keys.push_back({std::string(blob), std::string(comment)});
  }
  co_return keys;
}

asio::awaitable<std::optional<std::string>> Agent::sign(std::string_view key, std::string_view data,
                                                        std::string_view algorithm, Deadline deadline) {
  WireWriter request;
  request.u8(sign_request);
  request.string(key);
  request.string(data);
  const std::string plain = plain_type(algorithm);
  request.u32(plain == "rsa-sha2-512" ? rsa_sha2_512 : plain == "rsa-sha2-256" ? rsa_sha2_256 : 0);
  const std::string answer = co_await ask(request.bytes(), deadline);
  WireReader reader(answer);
  if (reader.u8() != sign_response) co_return std::nullopt;
  const auto whole = reader.string();
  WireReader signature(whole);
  const auto name = signature.string();
  const auto after_name = whole.substr(whole.size() - signature.left());
  const auto bytes = signature.string();
  if (reader.failed() || signature.failed() || name != plain) co_return std::nullopt;
  // A security key signs flags and a counter too, and libssh2 wants all that follows the name.
  co_return std::string(plain.starts_with("sk-") ? after_name : bytes);
}

}  // namespace labctl::ssh
