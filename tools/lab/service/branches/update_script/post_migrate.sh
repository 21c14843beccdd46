#!/bin/sh
# Run by the deploy handler: notes on the volume test_tmp that it ran, then stops what it started.
set -eu

docker-compose up -d dbserver
docker-compose run --rm test sh -c 'echo TEST MIGRATE >> /tmp/migrate.txt'
docker-compose stop
