# The Debian package. It is built on the release that it is for: its dependencies are those of the libraries that
# it was linked with, and its version says which release that was.
file(STRINGS /etc/os-release version_id REGEX "^VERSION_ID=")
string(REGEX REPLACE "[^0-9]" "" debian "${version_id}")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME labctl)
set(CPACK_PACKAGE_VENDOR "The labctl authors")
set(CPACK_PACKAGE_CONTACT "The labctl authors <labctl@labctl.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "tests that a cluster of Docker nodes does what it promises")
set(CPACK_PACKAGE_DESCRIPTION
"labctl opens the SSH forwards to Consul and to the docker.sock of every node,
deploys a real service, moves it with its data between nodes, and reports
what works and what does not, with evidence.
.
It is made for clusters of Docker, Consul, HAProxy, Caddy and the btrfs volume
plugin buttervolume. Without a cluster at hand, it starts one on this machine:
four Debian nodes in network namespaces. What they consist of is made at the
first start, with the recommended packages.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "1~deb${debian}")
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What set-up and start of a lab run; tests/packaging compares it with tools/setup.d/packages.sh.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "btrfs-progs, ca-certificates, curl, debian-archive-keyring, golang-go, \
iproute2, mmdebstrap, mount, openssh-client, procps, python3-venv")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_LIST_DIR}/prerm;${CMAKE_CURRENT_LIST_DIR}/postrm")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# The same commit gives the same bytes: these two set the date of everything in the package to the commit's, and
# its mode to what does not depend on anybody's umask.
set(CPACK_LABCTL_SOURCE "${CMAKE_SOURCE_DIR}")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/date.cmake")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/finish.cmake")

install(FILES deb/copyright DESTINATION share/doc/labctl)
install(FILES deb/lintian-overrides DESTINATION share/lintian/overrides RENAME labctl)
include(CPack)
