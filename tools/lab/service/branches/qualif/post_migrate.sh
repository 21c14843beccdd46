#!/bin/sh
# post_migrate.sh -R SOURCE_REPO -B SOURCE_BRANCH -r REPO -b BRANCH: run on the target's master after its volumes were
# restored, with the containers down. Starts the application, notes the migration in it, leaves it running.
set -eu

while getopts R:B:r:b: option; do
  case $option in
    R) source_repo=$OPTARG ;;
    B) source_branch=$OPTARG ;;
    r) repo=$OPTARG ;;
    b) branch=$OPTARG ;;
    *) exit 2 ;;
  esac
done

docker-compose up -d
docker-compose exec -T anyblok sh -c 'printf %s "$1" > /var/test_service/migrate' sh \
  "migrate data from $source_repo branch: $source_branch to $repo branch: $branch"
