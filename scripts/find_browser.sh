#!/usr/bin/env bash
# Makes sure that there is a Chromium to test pages in, or says in one sentence what is missing.
# With APT=no nothing is installed on the system.
set -eu
for browser in chromium chromium-browser google-chrome; do
  if command -v "$browser" >/dev/null; then
    exit 0
  fi
done
if [ "${APT:-yes}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "The tests of pages need Chromium. Installing chromium on this system with apt-get (once)."
  echo "To do without, stop now (Ctrl-C) and put a chromium, chromium-browser or google-chrome on the PATH."
  apt-get update -qq && apt-get install -y -qq chromium >/dev/null
else
  echo "The tests of pages need Chromium. Install it (Debian: apt-get install chromium) and run make again." >&2
  exit 1
fi
