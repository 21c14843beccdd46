needs="packages clang-format"
about="Debian packages for checking the source: clang-tidy, shellcheck"
advice="apt-get update; apt-get install clang-tidy shellcheck"

part_ready() { dpkg-query --show clang-tidy shellcheck > /dev/null 2>&1; }

part_build() { install_packages clang-tidy shellcheck; }
