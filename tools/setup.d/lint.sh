needs="packages clang-format shellcheck"
about="Debian package for checking the C++ source: clang-tidy"
advice="apt-get update; apt-get install clang-tidy"

part_ready() { dpkg-query --show clang-tidy > /dev/null 2>&1; }

part_build() { install_packages clang-tidy; }
