/* The commands, and what they share: words for failures and the output. */
#include "guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes are written at once. */
#define OUTPUT_BLOCK 8192

enum ending fails(enum ending how, const char *what, int error)
{
	char text[AV_ERROR_MAX_STRING_SIZE] = "";

	if (error == 0) {
		fprintf(stderr, "%s\n", what);
		return how;
	}
	av_strerror(error, text, sizeof text);
	fprintf(stderr, "%s: %s\n", what, text);
	return how;
}

enum ending ending_of(int error)
{
	switch (error) {
	case AVERROR(ENOMEM):
		return TOO_LARGE;
	case AVERROR(ENOSYS):
	case AVERROR_PATCHWELCOME:
	case AVERROR_DECODER_NOT_FOUND:
	case AVERROR_DEMUXER_NOT_FOUND:
	case AVERROR_STREAM_NOT_FOUND:
		return UNSUPPORTED;
	default:
		return DAMAGED;
	}
}

enum ending write_out(const void *bytes, size_t n)
{
	if (fwrite(bytes, 1, n, stdout) != n)
		return fails(MISUSED, "write the output", 0);
	return DONE;
}

static enum ending probe(const char *path)
{
	AVFormatContext *input = NULL;
	enum ending how = open_input(path, &input);

	return how == DONE ? write_info(input, 1) : how;
}

static enum ending run(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "probe") == 0)
		return probe(argv[2]);
	if (argc == 4 && strcmp(argv[1], "still") == 0)
		return still(argv[2], atoi(argv[3]));
	if (argc == 3 && strcmp(argv[1], "sound") == 0)
		return sound(argv[2]);
	return fails(MISUSED, "usage: probe FILE | still FILE SIDE | sound FILE", 0);
}

int main(int argc, char **argv)
{
	enum ending how;

	av_log_set_level(AV_LOG_QUIET);
	/* Each write is a call out of the sandbox. */
	setvbuf(stdout, NULL, _IOFBF, OUTPUT_BLOCK);
	how = run(argc, argv);
	if (fflush(stdout) != 0 && how == DONE)
		how = fails(MISUSED, "write the output", 0);
	return how;
}
