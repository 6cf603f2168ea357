#!/bin/sh
# Finishes the hypervisor set's layer: our files and settings on top of its packages. usage: make-hypervisor.sh ROOT FILES
set -eu
here=$(dirname "$(readlink -f "$0")")
cp -r --preserve=mode,links --remove-destination "$2/." "$1/"
"$here/in-root.sh" "$1" sh -s <"$here/configure-hypervisor.sh"
