# labctl contexts with the docker programs of the lab's releases: what labctl makes, docker lists and uses.
. "${LABCTL_TEST_SUPPORT:?}/shell.sh"
name=$(sed -n 's/^name: //p' "${LABCTL_INVENTORY:?}")
trap '"$LABCTL" tunnels down >/dev/null 2>&1; rm -rf "$work"' EXIT
unset DOCKER_HOST DOCKER_CONTEXT

others() { docker context ls --format '{{.Name}}' | grep -vx default | sort | xargs; } # than the default one
listed() { # NAME: its description and endpoint, as docker shows them
  docker context ls --format '{{.Name}}|{{.Description}}|{{.DockerEndpoint}}' | sed -n "s/^$1|//p"
}
current() { docker context show 2>/dev/null || docker context ls --format '{{if .Current}}{{.Name}}{{end}}' | grep .; }
socket() { echo "$LABCTL_RUNTIME_DIR/$name/docker_$1.sock"; }

run tunnels up
expect_status 0
for release in bookworm trixie; do
  use_docker_of "$release"
  export DOCKER_CONFIG=$work/config-$release

  # Without options it says what it would make, and makes nothing.
  run contexts
  expect_status 0
  expect_output "$name-core2  unix://$(socket core2)"
  expect_no_file "$DOCKER_CONFIG"
  run --json contexts
  expect_output "\"$name-core4\": \"unix://$(socket core4)\""

  for _ in 1 2; do # the second time changes nothing
    run contexts --apply
    expect_status 0
    expect_equal "$name-core1 $name-core2 $name-core3 $name-core4" "$(others)" "contexts of $release"
  done
  expect_error "4 contexts, 0 new"
  expect_equal "labctl: core3 of $name|unix://$(socket core3)" "$(listed "$name-core3")" "context of core3"
  expect_equal "unix://$(socket core2)" \
    "$(docker context inspect "$name-core2" --format '{{.Endpoints.docker.Host}}')" "endpoint as inspected"

  # It leads to the node's engine.
  run_command docker --context "$name-core3" ps --format '{{.Names}}'
  expect_status 0
  expect_output cluster_consul_1
  expect_equal core3 "$(docker --context "$name-core3" info --format '{{.Name}}')" "the engine's host"
  docker context use "$name-core2" >/dev/null 2>&1 || fail "docker context use"
  expect_equal core2 "$(docker info --format '{{.Name}}')" "the current engine's host"

  # A context that leads elsewhere is brought up to date; a person's own one is kept, even a copy of ours.
  docker context update "$name-core1" --docker host=unix:///elsewhere.sock >/dev/null 2>&1 || fail "an update"
  docker context create mine --from "$name-core1" >/dev/null 2>&1 || fail "a copy"
  run contexts --apply
  expect_status 0
  expect_equal "labctl: core1 of $name|unix://$(socket core1)" "$(listed "$name-core1")" "context of core1"
  [[ $(listed mine) == *"unix:///elsewhere.sock" ]] || fail "the copy is left as it is"

  # A person's context with one of the names: refused by name, nothing changed.
  docker context rm "$name-core4" >/dev/null || fail "a removal"
  docker context create "$name-core4" --docker host=unix:///my.sock >/dev/null 2>&1 || fail "a context of a person"
  docker context rm "$name-core3" >/dev/null || fail "a removal"
  run contexts --apply
  expect_status 2
  expect_one_line_error
  expect_error "$name-core4"
  expect_equal "|unix:///my.sock" "$(listed "$name-core4")" "a person's context"
  expect_equal "" "$(listed "$name-core3")" "core3, which was not made again"

  # A node that the inventory no longer has loses its context.
  docker context rm "$name-core4" >/dev/null || fail "a removal"
  run contexts --apply
  expect_status 0
  sed '/^  core3:/d' "$LABCTL_INVENTORY" >"$work/three.yaml"
  sed -i 's/via: \[core1, core2, core3, core4\]/via: [core1]/' "$work/three.yaml"
  run --inventory "$work/three.yaml" contexts --apply
  expect_status 0
  expect_equal "" "$(listed "$name-core3")" "core3, which is not in the inventory"

  # The current context is one of those that go, and a variable hides that: docker has its default engine again.
  DOCKER_HOST=unix:///elsewhere.sock run contexts --remove
  expect_status 0
  expect_error "$name-core2 was the current context"
  expect_equal mine "$(others)" "contexts after --remove"
  expect_equal default "$(current)" "the current context"
  run_command docker context ls
  expect_status 0
  run contexts --remove
  expect_status 0
done

run contexts --apply --remove
expect_status 2
PATH=/nonexistent run contexts --apply
expect_status 2
expect_one_line_error
expect_error "docker program is not installed"
run tunnels down
expect_status 0
exit 0
