needs=packages
about="Debian package for checking the shell scripts: shellcheck"
advice="apt-get update; apt-get install shellcheck"

part_ready() { dpkg-query --show shellcheck > /dev/null 2>&1; }

part_build() { install_packages shellcheck; }
