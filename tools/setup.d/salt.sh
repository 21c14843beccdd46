needs="packages python-headers"
about="Salt, for the test of labctl inventory from-salt"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download salt"

salt_requirements=$tools_dir/../tests/integration/salt/requirements.txt

part_inputs() { printf '%s\n' "$salt_requirements" "$(python3 --version 2> /dev/null)"; }

part_result() { echo "$cache/salt/$(part_key)"; }

part_link() { echo "$cache/salt/current"; }

# The folder is moved afterwards, so its programs are run as bin/python bin/PROGRAM.
part_build() {
  python3 -m venv "$scratch/result"
  "$scratch/result/bin/pip" --disable-pip-version-check --quiet install --no-deps --prefer-binary \
    --requirement "$salt_requirements"
}
