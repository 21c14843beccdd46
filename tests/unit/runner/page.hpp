#pragma once

#include "runner/screen.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace labctl::runner::test {

// A file that is printed to, and read back.
struct Page {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};

  std::string text() {
    std::fseek(file.get(), 0, SEEK_SET);
    std::string all;
    for (int c; (c = std::fgetc(file.get())) != EOF;) all += static_cast<char>(c);
    return all;
  }
};

// A screen that prints to a page.
struct PageScreen : Page {
  Screen screen{file.get()};
};

}  // namespace labctl::runner::test
