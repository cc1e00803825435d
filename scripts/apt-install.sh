#!/bin/sh
# Install Debian packages, quietly and without questions. For root.
set -eu
export DEBIAN_FRONTEND=noninteractive
echo "Installing $* …" >&2
apt-get install --yes --quiet --no-install-recommends "$@" >/dev/null 2>&1 && exit 0
apt-get update --quiet >/dev/null
apt-get install --yes --quiet --no-install-recommends "$@" >/dev/null
