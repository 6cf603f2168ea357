# shellcheck shell=sh
# Sourced by test/run-*: goes to the checkout, and `prepare fast|libvirt|vm` installs what is missing there and on this machine.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit
# The npm package `node` brings a Node that is new enough; it must come first.
PATH="$root/node_modules/.bin:$PATH"
export PATH

npm_packages() {
  installed=node_modules/.package-lock.json
  if [ -e "$installed" ] && [ -z "$(find package-lock.json -newer "$installed")" ]; then return; fi
  command -v npm >/dev/null || {
    echo "npm is missing on this machine; on Debian: apt-get install --no-install-recommends npm" >&2
    exit 4
  }
  echo "installing npm packages"
  # Not `npm ci`: where a registry serves only this platform's binaries, the lock file has no others and `ci` refuses it.
  npm install --no-save --no-audit --no-fund
}

debian_packages() {
  missing=$(node test/setup/missing-packages.ts "$1" | tr '\n' ' ')
  if [ -z "$missing" ]; then return; fi
  if [ "$(id -u)" -ne 0 ]; then
    echo "These Debian packages are missing; as root, run:" >&2
    echo "  apt-get update && apt-get install -y --no-install-recommends $missing" >&2
    exit 4
  fi
  echo "installing Debian packages: $missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q update
  # shellcheck disable=SC2086 # a list of packages
  apt-get -q install -y --no-install-recommends $missing
}

prepare() {
  npm_packages
  debian_packages "$1"
}
