needs=packages
about="Python's headers: a module that Salt needs is compiled on releases for which nobody has done so"
advice="apt-get update; apt-get install python3-dev"

part_ready() { [ -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))' 2> /dev/null)/Python.h" ]; }

part_build() { install_packages python3-dev; }
