needs="packages python-headers"
about="clients of Docker, Consul and ssh, for the test of what goes through the tunnels"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download consulate"

clients_requirements=$tools_dir/../tests/integration/clients/requirements.txt

part_inputs() { printf '%s\n' "$clients_requirements" "$(python3 --version 2> /dev/null)"; }

part_result() { echo "$cache/clients/$(part_key)"; }

part_link() { echo "$cache/clients/current"; }

# The folder is moved afterwards, so its programs are run as bin/python -m MODULE.
part_build() {
  python3 -m venv "$scratch/result"
  # consulate exists only as source, and is written in Python alone.
  "$scratch/result/bin/pip" --disable-pip-version-check --quiet install --no-deps --prefer-binary \
    --requirement "$clients_requirements"
}
