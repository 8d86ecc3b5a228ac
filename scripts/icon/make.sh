#!/bin/sh
# Makes assets/icon/Icon.png (512 by 512) from assets/icon/magpie.svg with the
# SVG renderer that the window itself uses, so nothing needs to be installed.
#
#   scripts/icon/make.sh            writes the file
#   scripts/icon/make.sh --check    fails if that would change it
set -eu
cd "$(dirname -- "$0")/../.."
CGO_ENABLED=0 go run ./scripts/icon "$@"
