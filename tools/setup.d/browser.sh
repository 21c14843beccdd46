needs="packages chromium"
about="Playwright and axe-core, for the test of the report page in a browser"
advice="see whether pip reaches its index: python3 -m venv /tmp/v && /tmp/v/bin/pip download playwright"

browser_requirements=$tools_dir/../tests/integration/report/requirements.txt

# greenlet is compiled for one version of Python.
part_inputs() { printf '%s\n' "$browser_requirements" "$(python3 --version 2> /dev/null)"; }

part_result() { echo "$cache/browser/$(part_key)"; }

part_link() { echo "$cache/browser/current"; }

part_build() {
  install_wheel "$browser_requirements"
  mv "$scratch/lib" "$scratch/result"
}
