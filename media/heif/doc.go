// Package heif finds the coded pictures in an AVIF or HEIC file (ISO/IEC
// 23008-12) and hands each out as a film of one frame in MP4, which the isolated
// decoder reads. It decodes nothing itself.
//
// A photo of a phone is often a grid of tiles, with a small picture of it beside
// it: see [Picture.Small]. Transparency, mirroring and pictures that are derived
// in other ways are left alone.
package heif
