/* What FFmpeg's sources mention and WASI's C library does not declare. It is
 * included before every file (-include); nothing of it is ever called, for no
 * protocol, temporary file or network is compiled in. */
#ifndef MAGPIE_WASI_H
#define MAGPIE_WASI_H
#ifndef __ASSEMBLER__

char *tempnam(const char *dir, const char *prefix);
#define F_DUPFD_CLOEXEC 1

#endif
#endif
