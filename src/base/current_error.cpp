#include "base/current_error.hpp"

#include <exception>
#include <new>

namespace labctl {

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {Kind::system, "out of memory"};
  } catch (const std::exception& error) {
    return {Kind::system, error.what()};
  } catch (...) {
    return {Kind::system, "an unknown error"};
  }
}

}  // namespace labctl
