/* The program inside the sandbox: three commands over one file.
 *
 *   probe FILE         what the file holds
 *   still FILE SIDE    the same, then one picture that fits in SIDE by SIDE
 *   sound FILE         the same, then all of its sound
 *
 * Everything goes to standard output: first the lines of info.c, ended by an
 * empty one, then what still.c or sound.c add. Standard error gets one line that
 * says why a command failed. The other side is media/sandbox.
 *
 * The file is hostile until shown otherwise. A command may be stopped at any
 * moment; nothing is freed before the end, because the end frees all of it. */
#ifndef MAGPIE_GUEST_H
#define MAGPIE_GUEST_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>

/* How a command ends, as the exit code. media/sandbox/errors.go has the same. */
enum ending {
	DONE = 0,
	MISUSED = 1,     /* wrong arguments, a file or an output that cannot be used */
	UNSUPPORTED = 2, /* a format, a codec or a kind of stream that we do not have */
	DAMAGED = 3,     /* broken data; what was written before that is good */
	TOO_LARGE = 4,   /* more pixels or memory than is allowed */
};

/* The most pixels of a picture. One byte and a half for each in the decoder, and
 * a few pictures kept for reference: this many fit the memory that we get. */
#define MAX_PIXELS 50000000

/* fails says on standard error what failed, with FFmpeg's word for the error
 * code if it is not 0, and returns how. */
enum ending fails(enum ending how, const char *what, int error);

/* ending_of sorts FFmpeg's error codes. */
enum ending ending_of(int error);

/* open_input opens the file and reads as much of it as tells its streams. */
enum ending open_input(const char *path, AVFormatContext **input);

/* best_stream returns the stream of that type which a player would choose, or
 * NULL. A cover is no video. */
AVStream *best_stream(AVFormatContext *input, enum AVMediaType type);

/* cover returns the picture that a sound file carries along, or NULL. */
AVStream *cover(AVFormatContext *input);

/* make_decoder makes a decoder for the stream, ready to be opened: settings may
 * still be changed. */
enum ending make_decoder(const AVStream *stream, AVCodecContext **decoder);

/* write_info writes what is known of the file. A duration that the header does not
 * tell is left out, unless it is wanted exactly: then all packets are read for it,
 * and the file is at its end. */
enum ending write_info(AVFormatContext *input, int exactly);

/* write_out writes n bytes to standard output. */
enum ending write_out(const void *bytes, size_t n);

enum ending still(const char *path, int side);
enum ending sound(const char *path);

#endif
