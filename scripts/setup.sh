#!/bin/sh
# Installs what is missing: nft, conntrack and other tools with the system's package manager, then the npm
# packages. It is a shell script because it runs before Node 24 is installed. Prints what it installs;
# silent if nothing is missing.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo; then sudo "$@"
  else say "needs root for: $*"; say "run that as root, then this again"; exit 2
  fi
}

# The tools that a lab needs, and the package of each by package manager.
missing=''
for tool in nft conntrack ip unshare setpriv flock nsenter; do has "$tool" || missing="$missing $tool"; done

package_of() { # tool manager
  case "$1:$2" in
    nft:*) echo nftables ;;
    conntrack:apt-get) echo conntrack ;;
    conntrack:*) echo conntrack-tools ;;
    ip:apt-get|ip:zypper|ip:pacman|ip:apk) echo iproute2 ;;
    ip:*) echo iproute ;;
    *) echo util-linux ;;
  esac
}

install_missing() {
  for manager in apt-get dnf yum zypper pacman apk; do has "$manager" && break; manager=''; done
  if [ -z "$manager" ]; then say "no known package manager; install by hand:$missing"; exit 2; fi
  packages=''
  for tool in $missing; do
    package=$(package_of "$tool" "$manager")
    case " $packages " in *" $package "*) ;; *) packages="$packages $package" ;; esac
  done
  say "missing:$missing; installing with $manager:$packages"
  # shellcheck disable=SC2086 # a list of packages
  case "$manager" in
    apt-get)
      as_root apt-get update -qq
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null ;;
    pacman) as_root pacman -Sy --noconfirm --needed $packages >/dev/null ;;
    apk) as_root apk add --quiet $packages ;;
    zypper) as_root zypper --non-interactive --quiet install $packages ;;
    *) as_root "$manager" install -y -q $packages ;;
  esac
}
[ -z "$missing" ] || install_missing

if ! has npm; then say "npm is missing: install Node.js (20 or later) with npm, then run this again"; exit 2; fi
# node_modules records npm's last install; a newer lockfile means a change.
if [ ! -x node_modules/.bin/node ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  say "installing the npm packages, among them Node $(sed -n 's/.*"node": "\([0-9][^"]*\)".*/\1/p' package.json | head -n 1)"
  npm ci --no-fund --no-audit --loglevel=error >/dev/null
fi
# `npx tablefull` finds the sources' command as it finds an installed one.
[ -x node_modules/.bin/tablefull ] || ln -sf ../../src/cli/main.ts node_modules/.bin/tablefull
