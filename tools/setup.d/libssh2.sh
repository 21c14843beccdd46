needs=packages
about="libssh2 1.11 with faster ciphers, parallel opens and host certificates, from Debian 13's source package"
advice="see whether apt reaches its mirrors: apt-get update"
. "$tools_dir/setup.d/debian.inc"

# Every user can use root's result.
libssh2_home() {
  if [ -n "$shared_cache" ] && [ -e "$shared_cache/libssh2/current/lib/libssh2.a" ]; then
    echo "$shared_cache/libssh2"
  else
    echo "$cache/libssh2"
  fi
}

libssh2_patches=$tools_dir/libssh2

part_inputs() { printf '%s\n' trixie "$libssh2_patches" "$(dpkg-query --show libssl-dev 2> /dev/null)"; }
part_result() { echo "$(libssh2_home)/$(part_key)"; }
part_link() { echo "$(libssh2_home)/current"; }
part_build() {
  mkdir -p "$scratch/apt/sources" "$scratch/apt/lists/partial" "$scratch/apt/cache"
  apt_sources trixie deb-src > "$scratch/apt/sources/trixie.list"
  local apt=(apt-get --quiet
    -o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$scratch/apt/sources"
    -o "Dir::State::Lists=$scratch/apt/lists" -o "Dir::Cache=$scratch/apt/cache"
    -o "APT::Sandbox::User=root" -o "Acquire::Retries=3" -o 'Acquire::Languages=none')
  "${apt[@]}" update
  "${apt[@]}" source libssh2
  local source patch
  source=$(echo "$scratch"/libssh2-*/)
  for patch in "$libssh2_patches"/*.patch; do
    patch --directory "$source" --strip 1 --forward --fuzz 0 < "$patch"
  done
  cmake -S "$source" -B "$scratch/build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_FLAGS_RELEASE="-O2 -DNDEBUG -ffile-prefix-map=$scratch/=" -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
    -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON -DBUILD_EXAMPLES=OFF -DBUILD_TESTING=OFF \
    -DCRYPTO_BACKEND=OpenSSL -DENABLE_ZLIB_COMPRESSION=ON \
    -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$scratch/installed"
  cmake --build "$scratch/build"
  # A cipher that is wrong must not become part of anything.
  gcc -O2 -DHAVE_CONFIG_H -DLIBSSH2_OPENSSL -I "$scratch/build/src" -I "$source/src" -I "$source/include" \
    "$libssh2_patches/check-ciphers.c" "$scratch/build/src/libssh2.a" -lcrypto -lz -o "$scratch/check-ciphers"
  "$scratch/check-ciphers"
  cmake --install "$scratch/build"
  mkdir "$scratch/result"
  mv "$scratch/installed/include" "$scratch/installed/lib" "$scratch/result/"
}
