#include "docker/conversation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "docker/engine.hpp"

#include <nlohmann/json.hpp>

namespace labctl::docker {
namespace {

using nlohmann::json;

http::Upgraded start(const http::Server& server, const std::string& container,
                     const std::vector<std::string>& argv, Deadline deadline) {
  Engine engine(server);
  const auto id = engine.make_exec(
      container, {{"AttachStdin", true}, {"AttachStdout", true}, {"AttachStderr", true}, {"Cmd", argv}},
      deadline);
  return engine.upgrade("/exec/" + id + "/start", {{"Detach", false}, {"Tty", false}}, deadline);
}

}  // namespace

Conversation::Conversation(const http::Server& engine, const std::string& container,
                           const std::vector<std::string>& argv, Deadline deadline)
    : stream_(start(engine, container, argv, deadline)) {}

std::string Conversation::ask(std::string_view line, Deadline deadline) {
  stream_.write(std::string(line) + "\n", deadline);
  while (true) {
    if (const auto end = said_.out.find('\n'); end != std::string::npos) {
      auto answer = said_.out.substr(0, end);
      said_.out.erase(0, end + 1);
      return answer;
    }
    const auto bytes = stream_.read(deadline);
    if (bytes.empty()) {
      const auto last = last_line(said_.err.empty() ? said_.out : said_.err);
      throw Error(Kind::unavailable, "the command ended" + (last.empty() ? " without a word" : ": " + last));
    }
    said_.feed(bytes);
  }
}

bool Conversation::open() const { return said_.out.empty() && stream_.quiet(); }

}  // namespace labctl::docker
