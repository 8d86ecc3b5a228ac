/* WASI's C library has no setjmp. libaom uses it to leave the middle of a picture
 * that is damaged: here that ends the program, and whoever runs it is told so. */
#ifndef MAGPIE_SETJMP_H
#define MAGPIE_SETJMP_H

typedef int jmp_buf[1];

static inline int setjmp(jmp_buf place)
{
	(void)place;
	return 0;
}

static inline _Noreturn void longjmp(jmp_buf place, int value)
{
	(void)place;
	(void)value;
	__builtin_trap();
}

#endif
