#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace labctl {

std::string trim(std::string_view text);
// ASCII letters only.
std::string lower(std::string_view text);
// "a,,b" split by ',' has three parts; "" has one, empty.
std::vector<std::string> split(std::string_view text, char separator);
// Lines without their ends; a final newline makes no extra line.
std::vector<std::string> lines(std::string_view text);
// The last line that is not blank, trimmed; "" if none.
std::string last_line(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);
// "1 node", "2 nodes".
std::string plural(std::size_t count, std::string_view word);
// An empty `from` occurs nowhere.
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

// "WORDS 4.2 s", for messages.
std::string fmt_seconds(std::string_view words, std::chrono::steady_clock::duration duration);

// A digest that is the same everywhere and always (FNV-1a, 64 bits), for names. Not for secrets.
std::uint64_t digest(std::string_view text);

// The candidate closest to `word` by edit distance, "" if none is close enough.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace labctl
