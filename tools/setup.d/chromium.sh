needs=packages
about="Debian packages of a browser, for the test of the report page: chromium, a font"
advice="apt-get update; apt-get install chromium fonts-liberation"

part_ready() { dpkg-query --show chromium fonts-liberation > /dev/null 2>&1; }

part_build() { install_packages chromium fonts-liberation; }
