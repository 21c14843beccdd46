#pragma once

#include <string>
#include <vector>

namespace labctl::runner {

// Notes something about the step under way that is worth reading beside its verdict, such as "handler 2.1 s".
// To be called from the step's own thread; outside a step it does nothing.
void note(std::string text);

// While one lives, notes of this thread go to `notes`.
class NoteTaker {
public:
  explicit NoteTaker(std::vector<std::string>& notes);
  ~NoteTaker();
  NoteTaker(const NoteTaker&) = delete;
  NoteTaker& operator=(const NoteTaker&) = delete;

private:
  std::vector<std::string>* before_;
};

}  // namespace labctl::runner
