#include "agent/caddy/token.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace labctl::agent {
namespace {

std::string placeholders(const std::string& word) {
  static const std::vector<std::pair<std::string, std::string>> names{
      {"{host}", "{hostport}"},          {"{hostonly}", "{host}"},
      {"{remote}", "{remote_host}"},     {"{proto}", "{http.request.proto}"},
      {"{user}", "{http.auth.user.id}"}, {"{rewrite_uri}", "{uri}"},
      {"{rewrite_path}", "{path}"},      {"{when}", "{time.now.common_log}"},
  };
  // One pass, so that a replacement is not replaced again.
  std::string result;
  for (std::size_t at = 0; at < word.size();) {
    const std::string_view rest = std::string_view(word).substr(at);
    const auto end = rest.find('}');
    if (rest.front() != '{' || end == std::string_view::npos) {
      result += word[at++];
      continue;
    }
    const std::string name(rest.substr(0, end + 1));
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& pair) { return pair.first == name; });
    if (found != names.end()) {
      result += found->second;
    } else if (name.starts_with("{>")) {
      result += "{header." + name.substr(2);
    } else if (name.starts_with("{?")) {
      result += "{query." + name.substr(2);
    } else if (name.starts_with("{~")) {
      result += "{cookie." + name.substr(2);
    } else {
      result += name;
    }
    at += name.size();
  }
  return result;
}

}  // namespace

std::string caddy_token(const std::string& word) {
  const std::string text = placeholders(word);
  // At the end, a backslash would escape a quote or the end of the line; a backquote it does not.
  if (text.ends_with('\\'))
    return text.find('`') == std::string::npos ? "`" + text + "`" : caddy_token(text + " ");
  const bool plain = !text.empty() && text != "{" && text != "}" && text.front() != '#' &&
                     text.find_first_of(" \t\r\n\"`") == std::string::npos;
  return plain ? text : "\"" + replace_all(text, "\"", "\\\"") + "\"";
}

}  // namespace labctl::agent
