#pragma once

#include <string>
#include <vector>

namespace labctl::runner {

// Adds a note to the running step, printed beside its verdict, such as "handler 2.1 s". Call it from the
// step's thread; outside a step it does nothing.
void note(std::string text);

// During its lifetime, notes of this thread go to `notes`.
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
