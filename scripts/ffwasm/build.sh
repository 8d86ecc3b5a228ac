#!/bin/sh
# Makes media/sandbox/ffmpeg.wasm.gz: the parts of FFmpeg that the sandbox runs
# and the program in front of them (main.c and its neighbours), as one WASI
# module, and writes media/sandbox/SOURCE, which says from what it was made.
#
# FFmpeg comes from Debian's source package in the version below, in its LGPL
# configuration, and libaom, which decodes AV1 for it, too. The package lists live in a folder of this script's own: the
# machine's are neither used nor changed. The same versions of the source and of
# the tools named in SOURCE give the same bytes.
#
#   scripts/deps ffwasm
#   scripts/ffwasm/build.sh            writes media/sandbox
#   scripts/ffwasm/build.sh --check    fails if that would change anything
#
# FFWASM_WORK=DIR works in DIR and keeps it, and takes FFmpeg's libraries from
# there if they are made already: for work on the program alone.
# FFWASM_MIRROR names another mirror than the one from which this machine has its
# packages, or a snapshot that still has this version when the mirrors have a newer
# one: FFWASM_MIRROR=https://snapshot.debian.org/archive/debian/20260901T000000Z
set -eu

package=ffmpeg
version=7:5.1.9-0+deb12u1
aom=3.6.0-1+deb12u2
suite=bookworm
llvm=19
mirror=${FFWASM_MIRROR:-}

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
here=$root/scripts/ffwasm
out=$root/media/sandbox
if [ -n "${FFWASM_WORK:-}" ]; then
	mkdir -p "$FFWASM_WORK"
	work=$(CDPATH='' cd -- "$FFWASM_WORK" && pwd)
else
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	trap 'exit 1' HUP INT TERM
fi
export LC_ALL=C TZ=UTC

say() { printf 'ffwasm: %s\n' "$*" >&2; }
for tool in "clang-$llvm" "wasm-ld-$llvm" "llvm-ar-$llvm" apt-get dpkg-source cmake pkg-config make gzip; do
	command -v "$tool" >/dev/null || { say "$tool is missing; run scripts/deps ffwasm"; exit 1; }
done

# fetch SOURCE into the folder source/, without the machine's package lists. apt
# checks the signature of the lists and through them the sum of every file.
fetch() {
	# What is in single quotes is for apt.
	# shellcheck disable=SC2016
	[ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' |
		sed -n "s/ $suite main\$//p" | head -n 1)
	[ -n "$mirror" ] || { say "no source of packages for Debian $suite here; set FFWASM_MIRROR"; exit 1; }
	mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/parts" "$work/source"
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/apt/sources.list"
	set -- -q -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts="$work/apt/parts" \
		-o Dir::State::lists="$work/apt/lists" -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=
	# The lists of a snapshot are as old as it is.
	[ -z "${FFWASM_MIRROR:-}" ] || set -- "$@" -o Acquire::Check-Valid-Until=false
	apt-get "$@" update >&2
	(cd "$work/source" && apt-get "$@" source --download-only "$package=$version" "aom=$aom") >&2
}

# What the program can read. Everything else of FFmpeg is left out: network,
# protocols, encoders, muxers, filters, devices, assembly, threads.
decoders=h264,hevc,libaom_av1,vp8,vp9,mpeg4,h263,flv,msmpeg4v2,msmpeg4v3,wmv1,wmv2,mjpeg,theora,mpeg1video,mpeg2video,\
aac,aac_latm,mp3float,mp2float,opus,vorbis,flac,alac,amrnb,amrwb,wmav1,wmav2,\
pcm_s16le,pcm_s16be,pcm_u8,pcm_s24le,pcm_s32le,pcm_f32le,pcm_alaw,pcm_mulaw,adpcm_ima_wav,adpcm_ms
demuxers=mov,matroska,avi,flv,mpegts,mpegps,mpegvideo,aac,mp3,ogg,wav,aiff,flac,amr,asf,caf
parsers=h264,hevc,av1,vp8,vp9,vp3,mpeg4video,mpegaudio,mpegvideo,aac,aac_latm,opus,vorbis,flac,amr,mjpeg,h263
filters=extract_extradata,vp9_superframe_split,h264_mp4toannexb,hevc_mp4toannexb,aac_adtstoasc

optimize="-O3 -msimd128 -mbulk-memory -mnontrapping-fptoint -msign-ext"
cflags="$optimize -include wasi.h \
-D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -D_WASI_EMULATED_MMAN"
cc="clang-$llvm --target=wasm32-wasi"

# codec builds the decoder of libaom. cmake writes its own command line into the
# library, so there is no path in it.
codec() {
	rm -rf "$work/aom" "$work/aom-made"
	dpkg-source --no-check -x "$work/source/aom_$aom.dsc" "$work/aom" >&2
	mkdir -p "$work/aom-made/pkgconfig"
	cp "$here"/aom.cmake "$here"/setjmp.h "$work/aom-made/"
	cd "$work/aom-made"
	LLVM=$llvm FLAGS="$optimize" cmake ../aom -DCMAKE_TOOLCHAIN_FILE=aom.cmake -DCMAKE_BUILD_TYPE=Release \
		-DAOM_TARGET_CPU=generic -DCONFIG_RUNTIME_CPU_DETECT=0 -DCONFIG_MULTITHREAD=0 -DCONFIG_OS_SUPPORT=0 \
		-DCONFIG_AV1_ENCODER=0 -DCONFIG_WEBM_IO=0 -DCONFIG_LIBYUV=0 \
		-DENABLE_TESTS=0 -DENABLE_TOOLS=0 -DENABLE_EXAMPLES=0 -DENABLE_DOCS=0 >&2
	make -s -j"$(nproc)" aom >&2
	# FFmpeg asks pkg-config for it.
	printf '%s\n' 'Name: aom' 'Description: AV1' "Version: ${aom%-*}" 'Cflags: -I../aom' 'Libs: -L../aom-made -laom' >pkgconfig/aom.pc
	cd "$root"
}

# libraries builds FFmpeg inside its own tree, so that no path of this machine
# gets into what is compiled.
libraries() {
	rm -rf "$work/ffmpeg"
	dpkg-source --no-check -x "$work/source/${package}_${version#*:}.dsc" "$work/ffmpeg" >&2
	cp "$here/wasi.h" "$work/ffmpeg/"
	cd "$work/ffmpeg"
	PKG_CONFIG_LIBDIR=../aom-made/pkgconfig ./configure --pkg-config=pkg-config --enable-libaom --cc="$cc" --ld="$cc" --ar="llvm-ar-$llvm" --nm="llvm-nm-$llvm" --ranlib="llvm-ranlib-$llvm" \
		--enable-cross-compile --target-os=none --arch=wasm32 --disable-stripping \
		--disable-autodetect --disable-everything --disable-network --disable-programs --disable-doc --disable-debug \
		--disable-pthreads --disable-w32threads --disable-os2threads --disable-asm --disable-runtime-cpudetect \
		--disable-avdevice --disable-avfilter --disable-postproc --enable-static --disable-shared \
		--extra-cflags="$cflags" \
		--enable-decoder="$decoders" --enable-demuxer="$demuxers" --enable-parser="$parsers" --enable-bsf="$filters" >&2
	# configure finds these in the linker's answer, WASI has none of them.
	sed -i -E 's/^#define (HAVE_SYSCTL|HAVE_MKSTEMP|HAVE_SETRLIMIT) 1$/#define \1 0/' config.h
	grep -q '^#define FFMPEG_LICENSE "LGPL version 2.1 or later"$' config.h || { say "this is not the LGPL configuration"; exit 1; }
	make -s -j"$(nproc)" >&2
	touch "$work/libraries-made"
	cd "$root"
}

# program compiles our own files and links them with the libraries.
program() {
	mkdir -p "$work/program"
	cp "$here"/*.c "$here"/*.h "$work/program/"
	cd "$work/program"
	# One word a flag.
	# shellcheck disable=SC2086
	$cc $cflags -std=c11 -Wall -Wextra -Werror -I. -I../ffmpeg main.c input.c info.c still.c sound.c -o ffmpeg.wasm \
		-L../ffmpeg/libavformat -L../ffmpeg/libavcodec -L../ffmpeg/libswscale -L../ffmpeg/libswresample -L../ffmpeg/libavutil \
		-lavformat -lavcodec -lswscale -lswresample -lavutil -L../aom-made -laom -lm \
		-lwasi-emulated-signal -lwasi-emulated-process-clocks -lwasi-emulated-mman \
		-Wl,--strip-all -Wl,--gc-sections -Wl,-z,stack-size=1048576
	gzip -9 -n -c ffmpeg.wasm >ffmpeg.wasm.gz
	cd "$root"
}

# notice prints SOURCE: what the module is made of, in lines that
# media/sandbox/source_test.go reads.
notice() {
	cat <<END
ffmpeg.wasm.gz holds parts of FFmpeg, under the GNU Lesser General Public License,
version 2.1 or later (LGPL-2.1.txt; the authors are in COPYRIGHT.ffmpeg), linked with
the program in scripts/ffwasm (Apache-2.0), the AV1 decoder of libaom (BSD-2-Clause
with a grant of patents, COPYRIGHT.aom) and wasi-libc (COPYRIGHT.wasi-libc).

The sources are Debian's source packages of the versions below, patched as Debian
patches them and not otherwise changed:
apt-get source $package=$version aom=$aom, or
https://snapshot.debian.org/package/ffmpeg/${version#*:}/
https://snapshot.debian.org/package/aom/$aom/

To make the module anew, with a changed FFmpeg if you like: scripts/deps ffwasm, then
scripts/ffwasm/build.sh. The program reads whatever module lies here when it is built.

source $package $version
source aom $aom
END
	(cd "$work/source" && sha256sum "$package"_*.dsc "$package"_*.tar.xz aom_*.dsc aom_*.tar.gz aom_*.tar.xz)
	echo
	dpkg-query -W -f 'tool ${Package} ${Version}\n' "clang-$llvm" "lld-$llvm" "libclang-rt-$llvm-dev-wasm32" wasi-libc cmake gzip
	echo
	(cd "$here" && sha256sum build.sh aom.cmake ./*.c ./*.h | sed 's, \./, ,')
	echo
	(cd "$work/program" && sha256sum ffmpeg.wasm ffmpeg.wasm.gz)
}

[ -e "$work/source/${package}_${version#*:}.dsc" ] || fetch
[ -e "$work/libraries-made" ] || { codec; libraries; }
program

mkdir -p "$work/result"
cp "$work/program/ffmpeg.wasm.gz" "$work/result/"
cp "$work/ffmpeg/COPYING.LGPLv2.1" "$work/result/LGPL-2.1.txt"
cp "$work/ffmpeg/debian/copyright" "$work/result/COPYRIGHT.ffmpeg"
cp "$work/aom/debian/copyright" "$work/result/COPYRIGHT.aom"
cp /usr/share/doc/wasi-libc/copyright "$work/result/COPYRIGHT.wasi-libc"
notice >"$work/result/SOURCE"

if [ "${1:-}" = --check ]; then
	for f in "$work/result"/*; do
		cmp "$f" "$out/$(basename "$f")" || { say "$(basename "$f") differs; run scripts/ffwasm/build.sh"; exit 1; }
	done
	echo "media/sandbox is what build.sh makes"
	exit 0
fi
mkdir -p "$out"
cp "$work/result"/* "$out/"
ls -l "$out/ffmpeg.wasm.gz"
