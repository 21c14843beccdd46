needs=
about="Debian packages for building labctl and running its lab"
advice="apt-get update; apt-get install the package named above by hand"

# Nothing here starts a service: the lab's daemons are in the nodes' own roots. What a lab needs is also what the
# package of labctl recommends (packaging/CMakeLists.txt).
packages_wanted() {
  local packages=(
    debian-archive-keyring mmdebstrap python3-venv openssh-client iproute2 btrfs-progs util-linux mount procps curl
    ca-certificates
  )
  command -v consul > /dev/null && command -v consul-template > /dev/null ||
    command -v go > /dev/null || [ -x /usr/local/go/bin/go ] || packages+=(golang-go)
  ! in_checkout || packages+=(
    cmake ninja-build g++ ccache pkg-config git
    libasio-dev libyaml-cpp-dev nlohmann-json3-dev libboost-test-dev libcli11-dev libfmt-dev libspdlog-dev
    libcurl4-openssl-dev libpugixml-dev libssl-dev zlib1g-dev
    dpkg-dev patch xz-utils
  )
  printf '%s\n' "${packages[@]}"
}

packages_missing() {
  local wanted
  mapfile -t wanted < <(packages_wanted)
  comm -13 <(dpkg-query --showformat='${db:Status-Abbrev}${Package}\n' --show 'lib*' '*' 2> /dev/null |
    sed -n 's/^ii *//p' | sort -u) <(printf '%s\n' "${wanted[@]}" | sort -u)
}

part_ready() { [ -z "$(packages_missing)" ]; }

part_build() {
  local missing
  mapfile -t missing < <(packages_missing)
  echo "missing: ${missing[*]}"
  if ! in_checkout; then
    echo "they are recommended by the package labctl: apt-get install ${missing[*]}"
    return 1
  fi
  if [ "$(id -u)" != 0 ]; then
    echo "installing packages needs root: sudo tools/setup"
    return 1
  fi
  # An old or empty package list is the usual reason for a package that "cannot be found".
  apt-get --quiet --option Acquire::Retries=3 --option DPkg::Lock::Timeout=300 update
  install_packages "${missing[@]}"
}
