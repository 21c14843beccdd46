needs=packages
about="Debian packages for checking the source: clang-format, clang-tidy, shellcheck"
advice="apt-get update; apt-get install clang-format clang-tidy shellcheck"

part_ready() { dpkg-query --show clang-format clang-tidy shellcheck > /dev/null 2>&1; }

part_build() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get --quiet --yes --no-install-recommends --option Acquire::Retries=3 --option DPkg::Lock::Timeout=300 \
    install clang-format clang-tidy shellcheck
}
