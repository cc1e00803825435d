#!/bin/sh
# The browser tests need a Chromium: print where one is, install it, or say what is lacking.
set -eu
find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

find_chromium && exit 0
if command -v apt-get >/dev/null 2>&1; then
    here=$(dirname "$0")
    if [ "$(id -u)" = 0 ]; then
        sh "$here/apt-install.sh" chromium && find_chromium && exit 0
    elif sudo -n true 2>/dev/null; then
        sudo sh "$here/apt-install.sh" chromium && find_chromium && exit 0
    fi
fi
echo "The browser tests need Chromium. On Debian: sudo apt-get install chromium" >&2
exit 1
