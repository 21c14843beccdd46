# The Debian package: its content, what it depends on, lintian, and that the same commit gives the same bytes.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
umask 077

# pack FOLDER: makes the package there, as a user with this umask would.
pack() {
  run_command cpack --config "${LABCTL_BUILD:?}/CPackConfig.cmake" -B "$1"
  expect_status 0
  deb=$(echo "$1"/labctl_*.deb)
  expect_file "$deb"
}

pack "$work/first"
first=$deb
release=$(. /etc/os-release; echo "$VERSION_ID")
[[ $first == *"-1~deb${release}_$(dpkg --print-architecture).deb" ]] || fail "the Debian release and the architecture in the name of $first"

run_command dpkg-deb --contents "$first"
expect_status 0
for file in bin/labctl bin/labctl-agent lib/systemd/user/labctl-tunnels@.service share/man/man1/labctl-lab.1.gz \
  share/bash-completion/completions/labctl share/labctl/setup share/doc/labctl/changelog.Debian.gz; do
  expect_output " ./usr/$file"
done
[[ $out != *" ./"[^u]* ]] || fail "only files below /usr expected"

depends=$(dpkg-deb --field "$first" Depends)
[[ $depends == *libcurl4* && $depends == *libssl3* ]] || fail "Depends from the libraries expected: $depends"
[[ $depends != *libssh2* ]] || fail "libssh2 is linked statically, but Depends has it: $depends"
# What a lab needs, as the recipes know it.
recommended=$(dpkg-deb --field "$first" Recommends | tr -d ',' | tr ' ' '\n' | sort)
needed=$(
  . "${LABCTL_SOURCE:?}/tools/setup.d/lib.sh"
  . "$LABCTL_SOURCE/tools/setup.d/packages.sh"
  in_checkout() { false; }
  { packages_wanted; echo golang-go; } | grep -vx util-linux | sort -u  # util-linux is essential
)
expect_equal "$needed" "$recommended" "Recommends"

run_command lintian --fail-on error,warning --tag-display-limit 0 "$first"
expect_status 0
expect_equal "" "$out" "what lintian says"

# Nothing of the folder that it was built in. (packaging/build-deb builds it in two.)
mkdir "$work/root"
dpkg-deb --extract "$first" "$work/root"
! grep -rlF -e "$LABCTL_SOURCE" -e "$LABCTL_BUILD" -e scratch.libssh2. "$work/root" || fail "a path of the build is in the package"

pack "$work/second, elsewhere"
run_command cmp "$first" "$deb"
expect_status 0
