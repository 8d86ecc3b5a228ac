#!/bin/sh
# Makes assets/emoji and im/emojisequences.txt from Debian's
# fonts-noto-color-emoji, unicode-data and unicode-cldr-core.
#
# The same packages give the same bytes. What was used is written to
# assets/emoji/SOURCE.
#
#   apt-get install fonts-noto-color-emoji unicode-data unicode-cldr-core python3-fonttools python3-pil
#   scripts/emoji/make.sh            writes the files
#   scripts/emoji/make.sh --check    fails if that would change anything
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
font=${NOTO_EMOJI:-/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf}
licence=${NOTO_EMOJI_LICENCE:-/usr/share/doc/fonts-noto-color-emoji/copyright}
unicode=${UNICODE_DIR:-/usr/share/unicode}
unicode_licence=${UNICODE_LICENCE:-/usr/share/doc/unicode-cldr-core/copyright}
names="en zh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

set -- "${1:-}" "$font" "$licence" "$unicode_licence" "$unicode/emoji/emoji-test.txt"
for name in $names; do
	set -- "$@" "$unicode/cldr/common/annotations/$name.xml" "$unicode/cldr/common/annotationsDerived/$name.xml"
done
mode=$1
shift
for f in "$@"; do
	[ -r "$f" ] || { echo "make.sh: $f is missing; on Debian, scripts/deps emoji installs it" >&2; exit 1; }
done
"$python" -c 'import fontTools, PIL' 2>/dev/null || { echo "make.sh: install python3-fonttools and python3-pil" >&2; exit 1; }

"$python" "$root/scripts/emoji/emoji.py" "$font" "$unicode" "$work"
"$python" "$root/scripts/fonts/licence.py" "$font" "$licence" >"$work/OFL.txt"
# Debian's copyright files indent the text by one space and write " ." for an
# empty line.
sed -n '/^License: *Unicode/,$ { s/^ \.$//p; s/^ //p }' "$unicode_licence" >"$work/UNICODE.txt"
grep -q 'PERMISSION NOTICE' "$work/UNICODE.txt"

{
	echo "Noto Color Emoji, cut by scripts/emoji/make.sh; SIL Open Font License 1.1 (OFL.txt)."
	echo "Order and names: Unicode emoji data and CLDR annotations; Unicode licence (UNICODE.txt)."
	"$python" -c 'import fontTools, PIL; from PIL import features
print("fontTools", fontTools.version, "Pillow", PIL.__version__, "libwebp", features.version("webp"))'
	shift 3
	sha256sum "$font" | sed 's|/.*/||'
	for f in "$@"; do
		sum=$(sha256sum "$f")
		echo "${sum%% *}  ${f#"$unicode"/}"
	done
} >"$work/SOURCE"

# place prints where a file of the working folder belongs.
place() {
	case $1 in
	emojisequences.txt) echo "$root/im/$1" ;;
	*) echo "$root/assets/emoji/$1" ;;
	esac
}

if [ "$mode" = --check ]; then
	for f in "$work"/*; do
		name=$(basename "$f")
		cmp "$f" "$(place "$name")" || { echo "make.sh: $name differs; run scripts/emoji/make.sh" >&2; exit 1; }
	done
	echo "assets/emoji is what make.sh makes"
	exit 0
fi
mkdir -p "$root/assets/emoji"
for f in "$work"/*; do
	cp "$f" "$(place "$(basename "$f")")"
done
ls -l "$root/assets/emoji"
