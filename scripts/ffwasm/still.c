/* One picture of a video: its first key frame, or what can be had instead. After
 * the lines of info.c comes
 *
 *   still WIDTH HEIGHT      or, of a cover,      cover WIDTH HEIGHT
 *
 * and then four bytes a pixel, red, green, blue and one without meaning, row by
 * row. The pixels are square; the picture is not turned, which a cover needs not. */
#include "guest.h"

#include <libavutil/imgutils.h>
#include <libswscale/swscale.h>
#include <stdio.h>

/* After so many packets without a picture there will be none. */
#define PATIENCE 600

/* pictured returns the stream to take the picture from: the video, or the cover of
 * a sound file or of a video that cannot be decoded. */
static AVStream *pictured(AVFormatContext *input)
{
	AVStream *video = best_stream(input, AVMEDIA_TYPE_VIDEO);

	if (video && avcodec_find_decoder(video->codecpar->codec_id))
		return video;
	return cover(input) ? cover(input) : video;
}

/* received takes a picture that the decoder has ready. With the last packet sent
 * it also gives up those that it holds back to put them in order. */
static int received(AVCodecContext *decoder, AVFrame *frame, int last)
{
	if (avcodec_receive_frame(decoder, frame) == 0)
		return 1;
	if (!last)
		return 0;
	avcodec_send_packet(decoder, NULL);
	if (avcodec_receive_frame(decoder, frame) == 0)
		return 1;
	avcodec_flush_buffers(decoder);
	return 0;
}

/* first_frame decodes until there is a picture. If only key frames are looked at,
 * each is given the chance to be the only one. */
static int first_frame(AVFormatContext *input, const AVStream *stream, AVCodecContext *decoder, AVFrame *frame)
{
	AVPacket *packet = av_packet_alloc();
	int keys = decoder->skip_frame == AVDISCARD_NONKEY;
	int left = PATIENCE;

	if (!packet)
		return AVERROR(ENOMEM);
	while (left > 0) {
		int error = av_read_frame(input, packet);

		if (error < 0)
			return received(decoder, frame, 1) ? 0 : error;
		if (packet->stream_index == stream->index) {
			int key = packet->flags & AV_PKT_FLAG_KEY;

			left--;
			if (!keys || key) {
				error = avcodec_send_packet(decoder, packet);
				if (error == AVERROR(ENOMEM))
					return error;
				if (received(decoder, frame, keys))
					return 0;
			}
		}
		av_packet_unref(packet);
	}
	return AVERROR_INVALIDDATA;
}

/* decode finds the picture: a key frame first, and if no packet is marked as one
 * or none can be decoded, any frame. What smooths the edges of blocks is left out if
 * the picture will be small enough to hide them. */
static enum ending decode(AVFormatContext *input, const AVStream *stream, int side, AVFrame *frame)
{
	static const enum AVDiscard attempts[] = {AVDISCARD_NONKEY, AVDISCARD_DEFAULT};
	int shrunk = FFMAX(stream->codecpar->width, stream->codecpar->height) >= 2 * side;
	int error = 0;

	for (size_t i = 0; i < FF_ARRAY_ELEMS(attempts); i++) {
		AVCodecContext *decoder = NULL;
		enum ending how = make_decoder(stream, &decoder);

		if (how != DONE)
			return how;
		if (i > 0 && avformat_seek_file(input, -1, INT64_MIN, 0, INT64_MAX, 0) < 0)
			break;
		decoder->skip_frame = attempts[i];
		decoder->skip_loop_filter = shrunk ? AVDISCARD_ALL : AVDISCARD_DEFAULT;
		decoder->flags |= AV_CODEC_FLAG_LOW_DELAY;
		decoder->flags2 |= AV_CODEC_FLAG2_FAST;
		error = avcodec_open2(decoder, decoder->codec, NULL);
		if (error < 0)
			return fails(ending_of(error), "open the decoder", error);
		error = first_frame(input, stream, decoder, frame);
		if (error == 0)
			return DONE;
		if (error == AVERROR(ENOMEM))
			break;
		avcodec_free_context(&decoder);
	}
	return fails(ending_of(error), "no picture", error);
}

/* fit shrinks width and height, never the other way, until both are within side. */
static void fit(int64_t *width, int64_t *height, int side)
{
	int64_t longer = FFMAX(*width, *height);

	if (longer > side) {
		*width = av_rescale(*width, side, longer);
		*height = av_rescale(*height, side, longer);
	}
	*width = FFMAX(*width, 1);
	*height = FFMAX(*height, 1);
}

/* matrix returns how the frame's colours are made from red, green and blue: as it
 * says, or by its height as players guess it. */
static const int *matrix(const AVFrame *frame)
{
	int space = frame->colorspace;

	if (space == AVCOL_SPC_UNSPECIFIED || space == AVCOL_SPC_RGB)
		space = frame->height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601;
	return sws_getCoefficients(space);
}

/* write_frame scales the frame and writes it under that name. */
static enum ending write_frame(const char *name, const AVFrame *frame, AVRational shape, int side)
{
	int64_t width = frame->width, height = frame->height;
	int full = frame->color_range == AVCOL_RANGE_JPEG;
	struct SwsContext *scaler;
	uint8_t *rows[4] = {NULL};
	int strides[4] = {0};
	int size;

	if (shape.num > 0 && shape.den > 0)
		width = av_rescale(width, shape.num, shape.den);
	fit(&width, &height, side);
	scaler = sws_getContext(frame->width, frame->height, frame->format, (int)width, (int)height, AV_PIX_FMT_RGBA,
				SWS_AREA, NULL, NULL, NULL);
	if (!scaler)
		return fails(UNSUPPORTED, "scale the picture", 0);
	sws_setColorspaceDetails(scaler, matrix(frame), full, sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
	size = av_image_alloc(rows, strides, (int)width, (int)height, AV_PIX_FMT_RGBA, 1);
	if (size < 0)
		return fails(ending_of(size), "scale the picture", size);
	if (sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, rows, strides) != height)
		return fails(DAMAGED, "scale the picture", 0);
	printf("%s %d %d\n", name, (int)width, (int)height);
	return write_out(rows[0], (size_t)size);
}

enum ending still(const char *path, int side)
{
	AVFormatContext *input = NULL;
	AVStream *stream;
	AVFrame *frame = av_frame_alloc();
	AVRational shape;
	enum ending how;

	if (!frame || side < 1)
		return fails(MISUSED, "side", 0);
	how = open_input(path, &input);
	if (how != DONE)
		return how;
	how = write_info(input, 0);
	if (how != DONE)
		return how;
	stream = pictured(input);
	if (!stream)
		return fails(UNSUPPORTED, "no picture", 0);
	if ((int64_t)stream->codecpar->width * stream->codecpar->height > MAX_PIXELS)
		return fails(TOO_LARGE, "too many pixels", 0);
	how = decode(input, stream, side, frame);
	if (how != DONE)
		return how;
	/* What the pictures do not say of their colours the container may. */
	if (frame->colorspace == AVCOL_SPC_UNSPECIFIED)
		frame->colorspace = stream->codecpar->color_space;
	if (frame->color_range == AVCOL_RANGE_UNSPECIFIED)
		frame->color_range = stream->codecpar->color_range;
	shape = av_guess_sample_aspect_ratio(input, stream, frame);
	return write_frame(stream == cover(input) ? "cover" : "still", frame, shape, side);
}
