needs=packages
about="Debian packages for checking labctl's own package: lintian, man, shells"
advice="apt-get update; apt-get install the package named above by hand"

packaging_missing() {
  local package
  for package in lintian fakeroot man-db groff zsh fish; do
    dpkg-query --showformat='${db:Status-Abbrev}\n' --show "$package" 2> /dev/null | grep -q '^ii' || echo "$package"
  done
}

part_ready() { [ -z "$(packaging_missing)" ]; }

part_build() {
  local missing
  mapfile -t missing < <(packaging_missing)
  echo "missing: ${missing[*]}"
  install_packages "${missing[@]}"
}
