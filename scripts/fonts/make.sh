#!/bin/sh
# Makes assets/fonts/NotoSansSC-{Regular,Bold}.otf from Debian's fonts-noto-cjk.
#
# The same source font and fontTools give the same bytes: no time of day gets in
# (--no-recalc-timestamp) and the characters come from rules (characters.py).
# What was used is written to assets/fonts/SOURCE.
#
#   apt-get install fonts-noto-cjk python3-fonttools
#   scripts/fonts/make.sh            writes assets/fonts
#   scripts/fonts/make.sh --check    fails if that would change anything
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
source_dir=${NOTO_CJK_DIR:-/usr/share/fonts/opentype/noto}
licence=${NOTO_CJK_LICENCE:-/usr/share/doc/fonts-noto-cjk/copyright}
out=$root/assets/fonts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for f in "$source_dir/NotoSansCJK-Regular.ttc" "$source_dir/NotoSansCJK-Bold.ttc" "$licence"; do
	[ -r "$f" ] || { echo "make.sh: $f is missing; install fonts-noto-cjk" >&2; exit 1; }
done
"$python" -c 'import fontTools' 2>/dev/null || { echo "make.sh: install python3-fonttools" >&2; exit 1; }

"$python" "$root/scripts/fonts/characters.py" >"$work/characters.txt"

# CFF without hints: Fyne draws outlines and never reads them.
for weight in Regular Bold; do
	"$python" "$root/scripts/fonts/apostrophes.py" "$source_dir/NotoSansCJK-$weight.ttc" "$work/$weight.otf"
	"$python" -m fontTools.subset "$work/$weight.otf" \
		--text-file="$work/characters.txt" \
		--layout-features=kern,liga,locl,mark,mkmk,ccmp \
		--no-hinting --desubroutinize \
		--name-IDs=0,1,2,3,4,5,6,13,14 --name-languages=0x409 \
		--no-recalc-timestamp --no-recalc-average-width \
		--drop-tables+=vhea,vmtx,VORG,BASE \
		--output-file="$work/NotoSansSC-$weight.otf"
	rm "$work/$weight.otf"
done

# Debian's copyright file holds the licence indented by one space, with " ."
# for an empty line.
"$python" "$root/scripts/fonts/licence.py" "$source_dir/NotoSansCJK-Regular.ttc" "$licence" >"$work/OFL.txt"

{
	echo "Noto Sans CJK SC, subset by scripts/fonts/make.sh; SIL Open Font License 1.1 (OFL.txt)."
	"$python" -c 'import fontTools; print("fontTools", fontTools.version)'
	(cd "$source_dir" && sha256sum NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc)
} >"$work/SOURCE"
rm "$work/characters.txt"

if [ "${1:-}" = --check ]; then
	for f in "$work"/*; do
		cmp "$f" "$out/$(basename "$f")" || { echo "make.sh: $(basename "$f") differs; run scripts/fonts/make.sh" >&2; exit 1; }
	done
	echo "assets/fonts is what make.sh makes"
	exit 0
fi
mkdir -p "$out"
cp "$work"/* "$out"/
ls -l "$out"
