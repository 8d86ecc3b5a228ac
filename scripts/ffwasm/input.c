/* Opening the file: its bytes, its format, its streams, their decoders. */
#include "guest.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* How many bytes are asked of the file at once. */
#define BLOCK 65536

/* The most streams of a file that are looked at. */
#define MAX_STREAMS 64

static int descriptor = -1;

static int read_some(void *unused, uint8_t *into, int n)
{
	ssize_t got = read(descriptor, into, n);

	(void)unused;
	if (got < 0)
		return AVERROR(EIO);
	return got == 0 ? AVERROR_EOF : (int)got;
}

static int64_t seek_to(void *unused, int64_t offset, int whence)
{
	off_t here, size;

	(void)unused;
	if (whence != AVSEEK_SIZE)
		return lseek(descriptor, offset, whence & ~AVSEEK_FORCE);
	here = lseek(descriptor, 0, SEEK_CUR);
	size = lseek(descriptor, 0, SEEK_END);
	lseek(descriptor, here, SEEK_SET);
	return size;
}

/* A file may name others (an MP4 with its samples elsewhere). None is opened. */
static int open_no_other(AVFormatContext *input, AVIOContext **io, const char *url, int flags, AVDictionary **options)
{
	(void)input, (void)io, (void)url, (void)flags, (void)options;
	return AVERROR(EPERM);
}

/* told reports whether the container's own header says what we want to know of
 * its streams, so that none has to be decoded for it. */
static int told(const AVFormatContext *input)
{
	unsigned i;

	if (input->nb_streams == 0 || input->duration == AV_NOPTS_VALUE)
		return 0;
	for (i = 0; i < input->nb_streams; i++) {
		const AVCodecParameters *p = input->streams[i]->codecpar;

		if (input->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC)
			continue;
		if (p->codec_type == AVMEDIA_TYPE_VIDEO && (p->width <= 0 || p->height <= 0))
			return 0;
		if (p->codec_type == AVMEDIA_TYPE_AUDIO && (p->sample_rate <= 0 || p->ch_layout.nb_channels <= 0))
			return 0;
	}
	return 1;
}

/* find_out decodes the beginning of every stream, within the limit on pixels. */
static int find_out(AVFormatContext *input)
{
	AVDictionary *options[MAX_STREAMS] = {NULL};
	unsigned i;

	for (i = 0; i < input->nb_streams; i++) {
		int error = av_dict_set_int(&options[i], "max_pixels", MAX_PIXELS, 0);
		if (error < 0)
			return error;
	}
	return avformat_find_stream_info(input, options);
}

enum ending open_input(const char *path, AVFormatContext **input)
{
	const AVInputFormat *format = NULL;
	AVFormatContext *f;
	uint8_t *block;
	int error;

	descriptor = open(path, O_RDONLY);
	if (descriptor < 0)
		return fails(MISUSED, "open the file", AVERROR(errno));
	f = avformat_alloc_context();
	block = av_malloc(BLOCK);
	if (!f || !block)
		return fails(TOO_LARGE, "open the file", AVERROR(ENOMEM));
	f->pb = avio_alloc_context(block, BLOCK, 0, NULL, read_some, NULL, seek_to);
	if (!f->pb)
		return fails(TOO_LARGE, "open the file", AVERROR(ENOMEM));
	f->flags |= AVFMT_FLAG_CUSTOM_IO;
	f->io_open = open_no_other;
	f->max_streams = MAX_STREAMS;

	/* By content alone: the name is not looked at. */
	error = av_probe_input_buffer2(f->pb, &format, "", NULL, 0, 0);
	if (error < 0)
		return fails(error == AVERROR(ENOMEM) ? TOO_LARGE : UNSUPPORTED, "no known format", error);
	error = avformat_open_input(&f, "", format, NULL);
	if (error < 0)
		return fails(ending_of(error), "read the header", error);
	/* What could be found out before an error may be enough. */
	error = told(f) ? 0 : find_out(f);
	if (error < 0 && (error == AVERROR(ENOMEM) || f->nb_streams == 0))
		return fails(ending_of(error), "read the streams", error);
	*input = f;
	return DONE;
}

AVStream *best_stream(AVFormatContext *input, enum AVMediaType type)
{
	int i = av_find_best_stream(input, type, -1, -1, NULL, 0);

	if (i < 0 || (input->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC))
		return NULL;
	return input->streams[i];
}

AVStream *cover(AVFormatContext *input)
{
	unsigned i;

	for (i = 0; i < input->nb_streams; i++)
		if (input->streams[i]->disposition & AV_DISPOSITION_ATTACHED_PIC)
			return input->streams[i];
	return NULL;
}

enum ending make_decoder(const AVStream *stream, AVCodecContext **decoder)
{
	const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
	int error;

	if (!codec)
		return fails(UNSUPPORTED, avcodec_get_name(stream->codecpar->codec_id), AVERROR_DECODER_NOT_FOUND);
	*decoder = avcodec_alloc_context3(codec);
	if (!*decoder)
		return fails(TOO_LARGE, "make a decoder", AVERROR(ENOMEM));
	error = avcodec_parameters_to_context(*decoder, stream->codecpar);
	if (error < 0)
		return fails(ending_of(error), "make a decoder", error);
	(*decoder)->pkt_timebase = stream->time_base;
	(*decoder)->max_pixels = MAX_PIXELS;
	return DONE;
}
