#!/bin/sh
# The browser tests need a Chromium: print where one is, install it, or say what is lacking.
# The test of the desktop window also wants a screen (Xvfb), and is skipped without one.
set -eu
here=$(dirname "$0")
find_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}
install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" = 0 ]; then
        sh "$here/apt-install.sh" "$1"
    elif sudo -n true 2>/dev/null; then
        sudo sh "$here/apt-install.sh" "$1"
    else
        return 1
    fi
}

command -v Xvfb >/dev/null 2>&1 || install xvfb ||
    echo "Without Xvfb the desktop window is not tried. On Debian: sudo apt-get install xvfb" >&2
find_chromium && exit 0
install chromium && find_chromium && exit 0
echo "The browser tests need Chromium. On Debian: sudo apt-get install chromium" >&2
exit 1
