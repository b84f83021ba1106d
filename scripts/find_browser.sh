#!/usr/bin/env bash
# Makes sure that there is a Chromium to test pages in, or says in one sentence what is missing.
set -eu
for browser in chromium chromium-browser google-chrome; do
  if command -v "$browser" >/dev/null; then
    exit 0
  fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium for the tests of pages (once) ..."
  apt-get update -qq && apt-get install -y -qq chromium >/dev/null
else
  echo "The tests of pages need Chromium. Install it (Debian: apt-get install chromium) and run make again." >&2
  exit 1
fi
