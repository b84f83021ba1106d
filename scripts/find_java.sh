#!/usr/bin/env bash
# Makes sure that there is a Java for Spark, or says in one sentence what is missing.
# With APT=no nothing is installed on the system.
set -eu
if command -v java >/dev/null; then
  exit 0
fi
if [ "${APT:-yes}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "The test of all engines needs Java for Spark. Installing default-jre-headless on this system with apt-get (once)."
  apt-get update -qq && apt-get install -y -qq default-jre-headless >/dev/null
else
  echo "The test of all engines needs Java 17 or newer. Install it (Debian: apt-get install default-jre-headless) and run make again." >&2
  exit 1
fi
