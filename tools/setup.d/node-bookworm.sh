needs=packages
about="read-only root of the lab's nodes, Debian 12"
advice="see whether apt reaches its mirrors and knows their keys: apt-get install debian-archive-keyring; apt-get update"
node_suite=bookworm
. "$tools_dir/setup.d/node.inc"
