#pragma once

#include "contract/names.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Parses handler logs. Handlers may be third-party: in any format a line has its level near its beginning
// (contract 2.1), and lines without a level belong to the message before them.
namespace labctl::cluster {

// The names of the events by which labctl asks handlers whether they have finished (Barrier) begin so: a line
// with it is an answer.
inline constexpr std::string_view barrier_prefix = "labctl-barrier-";

bool has_level(const std::string& line);
// Level error or worse.
bool is_error(const std::string& line);

// True if a line of a handler log reports an error that concerns the app or the event: level error or worse,
// and the app's name, project or the event's id in it.
bool is_error_about(const std::string& line, const contract::AppName& app, const std::string& event_id);

// The same for level warning.
bool is_warning_about(const std::string& line, const contract::AppName& app, const std::string& event_id);

// The messages of level error or worse, each with the lines that belong to it.
std::vector<std::string> error_messages(const std::vector<std::string>& lines);

// At most `limit` of the lines, in their order. If there are more, lines with errors or about an app or the
// event are preferred, and later lines before earlier ones.
std::vector<std::string> telling_lines(const std::vector<std::string>& lines,
                                       const std::vector<contract::AppName>& apps,
                                       const std::string& event_id, std::size_t limit);

}  // namespace labctl::cluster
