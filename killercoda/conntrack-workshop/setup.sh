#!/bin/bash
# Installs tablefull from the package in /root, and the programs that the lessons need.
(
  set -e
  apt-get -qq update
  apt-get -qq install -y conntrack nftables iproute2 curl bind9-dnsutils npm > /dev/null
  npm install --global --loglevel=error node@24 /root/tablefull-*.tgz
  hash -r
  tablefull doctor
)
hash -r
