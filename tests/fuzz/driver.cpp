// Runs a fuzz target without libFuzzer: every file of a corpus folder, then mutations of them, the same ones
// each time (the seed is fixed). This is what the sanitizer builds run in CI; LABCTL_FUZZ builds the same
// targets for libFuzzer.
//
//   fuzz_NAME CORPUS-FOLDER [MUTATIONS-PER-FILE]

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::string mutate(std::string input, const std::vector<std::string>& corpus, std::mt19937& random) {
  auto pick = [&](std::size_t bound) { return bound == 0 ? 0 : random() % bound; };
  for (std::size_t left = 1 + pick(4); left > 0; --left) {
    const std::size_t at = pick(input.size() + 1);
    switch (pick(6)) {
      case 0:
        input.insert(at, 1, static_cast<char>(pick(256)));
        break;
      case 1:
        input.erase(at, 1 + pick(8));
        break;
      case 2:
        if (at < input.size()) input[at] = static_cast<char>(pick(256));
        break;
      case 3:
        input.resize(at);
        break;
      case 4:
        input.insert(at, input.substr(at, 1 + pick(32)));
        break;
      default: {  // a piece of another input, to combine structures
        const auto& other = corpus[pick(corpus.size())];
        const std::size_t from = pick(other.size() + 1);
        input.insert(at, other.substr(from, 1 + pick(64)));
      }
    }
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: " << argv[0] << " CORPUS-FOLDER [MUTATIONS-PER-FILE]\n";
    return 2;
  }
  std::vector<std::string> corpus;
  for (const auto& entry : std::filesystem::directory_iterator(argv[1])) {
    std::ifstream file(entry.path(), std::ios::binary);
    corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  if (corpus.empty()) {
    std::cerr << "no corpus in " << argv[1] << '\n';
    return 1;
  }
  const int mutations = argc > 2 ? std::stoi(argv[2]) : 2000;
  // Fixed: the same command repeats a failure of CI.
  std::mt19937 random(20261122);  // NOLINT(bugprone-random-generator-seed)
  feed({});
  for (const auto& input : corpus) feed(input);
  for (const auto& input : corpus) {
    for (int i = 0; i < mutations; ++i) feed(mutate(input, corpus, random));
  }
  std::cout << corpus.size() << " inputs and " << corpus.size() * static_cast<std::size_t>(mutations)
            << " mutations of them\n";
}
