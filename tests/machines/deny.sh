#!/usr/bin/env bash
# Licences, sources and published advisories of all that is depended on, for every platform.
# Needs cargo-deny, and a network for its database of advisories.
set -euo pipefail
cd "$(dirname "$0")/../.."
if ! command -v cargo-deny > /dev/null; then
  echo 'skipped: cargo-deny is not installed; the hosted workflow runs it'
  exit 0
fi
cargo deny check licenses bans sources
if cargo deny fetch db; then
  cargo deny check advisories
else
  echo 'skipped: advisories, because their database cannot be fetched from here'
fi
