#include "runner/note.hpp"

#include <utility>

namespace labctl::runner {
namespace {

thread_local std::vector<std::string>* current = nullptr;

}  // namespace

void note(std::string text) {
  if (current != nullptr) current->push_back(std::move(text));
}

NoteTaker::NoteTaker(std::vector<std::string>& notes) : before_(std::exchange(current, &notes)) {}

NoteTaker::~NoteTaker() { current = before_; }

}  // namespace labctl::runner
