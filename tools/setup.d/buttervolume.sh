needs=packages
about="buttervolume and its Python libraries"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download buttervolume"

part_inputs() { printf '%s\n' "$images_dir/buttervolume.txt" "$images_dir/buttervolume"; }

part_result() { echo "$cache/buttervolume/$(part_key)"; }

part_link() { echo "$cache/buttervolume/current"; }

# A separate folder: Debian's docker-compose 1.29.2 fails with the requests and urllib3 that pip installs.
part_build() {
  python3 -m venv "$scratch/venv"
  "$scratch/venv/bin/pip" --disable-pip-version-check --quiet install --no-compile --no-deps --require-hashes \
    --only-binary :all: --implementation py --abi none --platform any --python-version 3.11.2 \
    --target "$scratch/result/lib" --requirement "$images_dir/buttervolume.txt"
  rm -rf "$scratch/result/lib/bin"
  install -D -m 0755 "$images_dir/buttervolume" "$scratch/result/bin/buttervolume"
}
