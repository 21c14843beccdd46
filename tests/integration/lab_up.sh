# Starts the lab that the integration tests share. `lab up` itself removes what an earlier, killed run left.
. "$LABCTL_TEST_SUPPORT/shell.sh"

run lab up --name check
expect_status 0
run lab status --name check
expect_status 0
for node in core1 core2 core3 core4; do expect_output "$node"; done
