#!/usr/bin/env bash
# Makes .venv and installs the locked dependencies; a clear sentence for what is missing.
set -euo pipefail
python="${1:-python3}"
say() { printf '%s\n' "$*"; }
command -v "$python" >/dev/null || { say "Python 3.11 ou plus récent est introuvable : installez-le, ou donnez son nom (make setup PYTHON=…)."; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Python 3.11 ou plus récent est nécessaire ; trouvé : $("$python" --version)."; exit 1; }
free_kb=$(df -Pk . | awk 'NR==2 {print $4}')
[ "$free_kb" -gt 1500000 ] || { say "Il reste $((free_kb / 1024)) Mo sur ce disque ; il en faut environ 1 500 pour installer Jalon. Libérez de la place, puis recommencez."; exit 1; }
if [ ! -x .venv/bin/python ]; then
  say "[1/3] Environnement Python dans .venv"
  "$python" -m venv .venv || { say "La création de .venv a échoué (sous Debian : apt install python3-venv)."; exit 1; }
fi
say "[2/3] Dépendances (versions et empreintes de requirements.lock)"
.venv/bin/pip install -q --require-hashes -r requirements.lock
say "[3/3] Commande jalon"
.venv/bin/pip install -q --no-deps --no-build-isolation -e .
