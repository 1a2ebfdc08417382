#!/bin/sh
# Chromium and PostgreSQL for the tests: installed when root on a Debian-like system, used if present,
# otherwise their tests are skipped with one visible line each.
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  # Two makes at once wait for each other here instead of failing.
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends -y $missing >/dev/null ||
    echo "Could not install$missing; their tests will be skipped."
else
  echo "Not found:$missing; their tests will be skipped."
fi
exit 0
