#include "base/error.hpp"
#include "doctor/diagnose.hpp"
#include "doctor/recorded.hpp"
#include "doctor/summary.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// The observations.json of a bundle that somebody has sent. If it can be read, the doctor can say what is
// wrong, and what it writes of it can be read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  using namespace labctl::doctor;
  Observations seen;
  try {
    seen = parse_observations(text, "bundle");
  } catch (const labctl::Error&) {
    return 0;
  }
  summarize(seen, diagnose(seen));
  const auto written = to_json_text(seen);
  if (to_json_text(parse_observations(written, "written")) != written) std::abort();
  return 0;
}
