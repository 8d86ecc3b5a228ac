/* What is known of the file, a line each; those that are not known are left out:
 *
 *   format NAMES                                as FFmpeg names them, with commas
 *   duration MICROSECONDS
 *   video CODEC WIDTH HEIGHT ROTATION NUM DEN   pixels as stored; degrees to turn
 *                                               clockwise; width of a pixel by height
 *   audio CODEC RATE CHANNELS
 *   (an empty line) */
#include "guest.h"

#include <inttypes.h>
#include <libavutil/display.h>
#include <math.h>
#include <stdio.h>

/* rotation returns by how many degrees, 0 to 359, the picture is to be turned
 * clockwise. */
static int rotation(const AVStream *stream)
{
	size_t size = 0;
	const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
	double degrees;

	if (!matrix || size < 9 * sizeof(int32_t))
		return 0;
	degrees = -av_display_rotation_get((const int32_t *)matrix);
	if (isnan(degrees))
		return 0;
	return ((int)lround(degrees) % 360 + 360) % 360;
}

/* guessed reports whether the duration is missing or only an estimate. */
static int guessed(const AVFormatContext *input)
{
	return input->duration == AV_NOPTS_VALUE || input->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE;
}

/* walk goes through all packets for the true duration in microseconds, without
 * decoding any: the latest end of one, or the sum of them where the file gives
 * no times. It leaves the file at its end. */
static int64_t walk(AVFormatContext *input, const AVStream *stream)
{
	int64_t sum = 0, first = INT64_MAX, last = INT64_MIN;
	AVPacket *packet = av_packet_alloc();

	if (!packet || !stream)
		return 0;
	while (av_read_frame(input, packet) >= 0) {
		if (packet->stream_index == stream->index) {
			sum += packet->duration;
			if (packet->pts != AV_NOPTS_VALUE) {
				first = FFMIN(first, packet->pts);
				last = FFMAX(last, packet->pts + packet->duration);
			}
		}
		av_packet_unref(packet);
	}
	if (first < last)
		sum = last - first;
	return av_rescale_q(sum, stream->time_base, AV_TIME_BASE_Q);
}

enum ending write_info(AVFormatContext *input, int exactly)
{
	AVStream *video = best_stream(input, AVMEDIA_TYPE_VIDEO);
	AVStream *audio = best_stream(input, AVMEDIA_TYPE_AUDIO);
	int64_t duration = input->duration;

	if (!video && !audio && !cover(input))
		return fails(UNSUPPORTED, "neither sound nor picture", 0);
	printf("format %s\n", input->iformat->name);
	if (video) {
		const AVCodecParameters *p = video->codecpar;
		AVRational shape = av_guess_sample_aspect_ratio(input, video, NULL);

		if (shape.num <= 0 || shape.den <= 0)
			shape = (AVRational){1, 1};
		printf("video %s %d %d %d %d %d\n", avcodec_get_name(p->codec_id), p->width, p->height, rotation(video),
		       shape.num, shape.den);
	}
	if (audio) {
		const AVCodecParameters *p = audio->codecpar;

		printf("audio %s %d %d\n", avcodec_get_name(p->codec_id), p->sample_rate, p->ch_layout.nb_channels);
	}
	if (guessed(input))
		duration = exactly ? walk(input, video ? video : audio) : 0;
	if (duration > 0)
		printf("duration %" PRId64 "\n", duration);
	printf("\n");
	return fflush(stdout) == 0 ? DONE : fails(MISUSED, "write the output", 0);
}
