#!/bin/sh
# update.sh -r REPO -b BRANCH: run before the containers are started. Starts the application, notes the update in it,
# stops everything.
set -eu

while getopts r:b: option; do
  case $option in
    r) repo=$OPTARG ;;
    b) branch=$OPTARG ;;
    *) exit 2 ;;
  esac
done

docker-compose up -d
docker-compose exec -T anyblok sh -c 'printf %s "$1" > /var/test_service/update' sh \
  "run update data after migrate repo: $repo branch: $branch"
docker-compose stop
