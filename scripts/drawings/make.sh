#!/bin/sh
# Draws assets/stickers, assets/dice and assets/avatars. The drawings are made
# of few shapes that many of them share, so they are written as programs.
#
#   scripts/drawings/make.sh            writes the files
#   scripts/drawings/make.sh --check    fails if that would change anything
#
# To look at them: go run ./scripts/drawings/sheet -o FILE.png assets/stickers/*/*.svg
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -B "$root/scripts/drawings/make.py" "$work"
for folder in stickers dice avatars; do
	if [ "${1:-}" = --check ]; then
		diff -r "$work/$folder" "$root/assets/$folder" || { echo "make.sh: run scripts/drawings/make.sh" >&2; exit 1; }
	else
		rm -rf "${root:?}/assets/$folder"
		cp -R "$work/$folder" "$root/assets/$folder"
	fi
done
