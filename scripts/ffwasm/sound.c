/* All of the sound of a file. After the lines of info.c comes
 *
 *   sound RATE CHANNELS
 *
 * with one channel or two, and then 16-bit samples, the lower byte first, channel
 * by channel. Rate and channels are those of the first decoded frame and stay. */
#include "guest.h"

#include <libavutil/opt.h>
#include <libswresample/swresample.h>
#include <stdio.h>

/* After so many broken packets one after another the rest is given up. */
#define PATIENCE 200

#define LOWEST_RATE 4000
#define HIGHEST_RATE 192000

/* What the sound is turned into, and from what. */
struct output {
	SwrContext *converter; /* NULL until the first frame */
	int rate;
	AVChannelLayout layout;
	AVChannelLayout from_layout;
	int from_rate, from_format;
	int16_t *samples;
	unsigned capacity; /* bytes of samples */
};

/* begin settles the output after the first frame, and says it. */
static enum ending begin(struct output *o, const AVFrame *frame)
{
	if (frame->sample_rate < LOWEST_RATE || frame->sample_rate > HIGHEST_RATE)
		return fails(DAMAGED, "sample rate out of range", 0);
	o->rate = frame->sample_rate;
	av_channel_layout_default(&o->layout, frame->ch_layout.nb_channels == 1 ? 1 : 2);
	printf("sound %d %d\n", o->rate, o->layout.nb_channels);
	return DONE;
}

/* convert_from makes the converter anew if the frame is not like those before. */
static enum ending convert_from(struct output *o, const AVFrame *frame)
{
	AVChannelLayout from = {0};
	int error;

	if (o->converter && frame->sample_rate == o->from_rate && frame->format == o->from_format &&
	    av_channel_layout_compare(&frame->ch_layout, &o->from_layout) == 0)
		return DONE;
	swr_free(&o->converter);
	if (frame->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
		av_channel_layout_default(&from, frame->ch_layout.nb_channels);
	else
		from = frame->ch_layout;
	error = swr_alloc_set_opts2(&o->converter, &o->layout, AV_SAMPLE_FMT_S16, o->rate, &from, frame->format,
				    frame->sample_rate, 0, NULL);
	if (error >= 0)
		error = swr_init(o->converter);
	if (error >= 0)
		error = av_channel_layout_copy(&o->from_layout, &frame->ch_layout);
	if (error < 0)
		return fails(error == AVERROR(ENOMEM) ? TOO_LARGE : UNSUPPORTED, "convert the sound", error);
	o->from_rate = frame->sample_rate;
	o->from_format = frame->format;
	return DONE;
}

/* convert writes the frame's samples, or what the converter still holds if there
 * is no frame. */
static enum ending convert(struct output *o, const AVFrame *frame)
{
	int room = swr_get_out_samples(o->converter, frame ? frame->nb_samples : 0);
	size_t width = sizeof(int16_t) * (size_t)o->layout.nb_channels;
	uint8_t *into;
	int n;

	if (room <= 0)
		return DONE;
	av_fast_malloc(&o->samples, &o->capacity, (size_t)room * width);
	if (!o->samples)
		return fails(TOO_LARGE, "convert the sound", AVERROR(ENOMEM));
	into = (uint8_t *)o->samples;
	n = swr_convert(o->converter, &into, room, frame ? (const uint8_t **)frame->extended_data : NULL,
			frame ? frame->nb_samples : 0);
	if (n < 0)
		return fails(ending_of(n), "convert the sound", n);
	return write_out(o->samples, (size_t)n * width);
}

/* drain writes all frames that the decoder has ready. It returns the decoder's
 * answer in error: that it wants more, that it is at its end, or what broke. */
static enum ending drain(AVCodecContext *decoder, AVFrame *frame, struct output *o, int *error)
{
	while ((*error = avcodec_receive_frame(decoder, frame)) == 0) {
		enum ending how = o->rate ? DONE : begin(o, frame);

		if (how == DONE)
			how = convert_from(o, frame);
		if (how == DONE)
			how = convert(o, frame);
		if (how != DONE)
			return how;
		av_frame_unref(frame);
	}
	return DONE;
}

/* decode reads to the end of the file. Broken packets are passed over, and the
 * ending tells of them. */
static enum ending decode(AVFormatContext *input, const AVStream *stream, AVCodecContext *decoder, struct output *o)
{
	AVPacket *packet = av_packet_alloc();
	AVFrame *frame = av_frame_alloc();
	enum ending how;
	int error, broken = 0, in_a_row = 0;

	if (!packet || !frame)
		return fails(TOO_LARGE, "decode", AVERROR(ENOMEM));
	while ((error = av_read_frame(input, packet)) >= 0) {
		int good = 1;

		if (packet->stream_index != stream->index) {
			av_packet_unref(packet);
			continue;
		}
		if (packet->flags & AV_PKT_FLAG_CORRUPT)
			good = 0;
		error = avcodec_send_packet(decoder, packet);
		av_packet_unref(packet);
		if (error == AVERROR(ENOMEM))
			return fails(TOO_LARGE, "decode", error);
		if (error < 0)
			good = 0;
		how = drain(decoder, frame, o, &error);
		if (how != DONE)
			return how;
		if (error != AVERROR(EAGAIN))
			good = 0;
		in_a_row = good ? 0 : in_a_row + 1;
		broken += !good;
		if (in_a_row == PATIENCE)
			break;
	}
	if (error != AVERROR_EOF)
		broken++;
	avcodec_send_packet(decoder, NULL);
	how = drain(decoder, frame, o, &error);
	if (how == DONE && o->converter)
		how = convert(o, NULL);
	if (how != DONE)
		return how;
	if (!o->rate)
		return fails(DAMAGED, "no sound could be decoded", 0);
	return broken ? fails(DAMAGED, "some of the sound is broken", 0) : DONE;
}

enum ending sound(const char *path)
{
	AVFormatContext *input = NULL;
	AVCodecContext *decoder = NULL;
	const AVStream *stream;
	struct output o = {0};
	enum ending how = open_input(path, &input);
	int error;

	if (how != DONE)
		return how;
	how = write_info(input, 0);
	if (how != DONE)
		return how;
	stream = best_stream(input, AVMEDIA_TYPE_AUDIO);
	if (!stream)
		return fails(UNSUPPORTED, "no sound", 0);
	how = make_decoder(stream, &decoder);
	if (how != DONE)
		return how;
	error = avcodec_open2(decoder, decoder->codec, NULL);
	if (error < 0)
		return fails(ending_of(error), "open the decoder", error);
	return decode(input, stream, decoder, &o);
}
