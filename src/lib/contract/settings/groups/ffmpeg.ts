import { z } from 'zod';
import { flexibleBoolean, fromNumericText, mostItems, settingText } from '../document/fields.ts';

const videoCodec = z.enum(['h264', 'hevc', 'vp9', 'av1']);
const audioCodec = z.enum(['mp3', 'aac', 'opus', 'pcm_s16le']);

export const AdminConfigFFmpegDto = z
	.object({
		crf: fromNumericText(z.int().min(0).max(51)),
		threads: fromNumericText(z.int().min(0)),
		preset: settingText,
		targetVideoCodec: videoCodec,
		acceptedVideoCodecs: z.array(videoCodec).max(mostItems),
		targetAudioCodec: audioCodec,
		acceptedAudioCodecs: z.array(audioCodec).max(mostItems),
		acceptedContainers: z.array(z.enum(['mov', 'mp4', 'ogg', 'webm'])).max(mostItems),
		targetResolution: settingText,
		maxBitrate: settingText,
		bframes: fromNumericText(z.int().min(-1).max(16)),
		refs: fromNumericText(z.int().min(0).max(6)),
		gopSize: fromNumericText(z.int().min(0)),
		temporalAQ: flexibleBoolean,
		cqMode: z.enum(['auto', 'cqp', 'icq']),
		twoPass: flexibleBoolean,
		preferredHwDevice: settingText,
		transcode: z.enum(['all', 'optimal', 'bitrate', 'required', 'disabled']),
		tonemap: z.enum(['hable', 'mobius', 'reinhard', 'disabled']),
		accel: z.enum(['nvenc', 'qsv', 'vaapi', 'rkmpp', 'disabled']),
		accelDecode: flexibleBoolean,
		realtime: z.object({
			enabled: flexibleBoolean,
			videoCodecs: z.array(videoCodec).max(mostItems),
			resolutions: z.array(fromNumericText(z.literal([480, 720, 1080, 1440, 2160]))).max(mostItems)
		})
	})
	.meta({ title: 'Video conversion', description: 'Video transcoding.' });

type FFmpegConfig = z.output<typeof AdminConfigFFmpegDto>;

export const ffmpegDefaults: FFmpegConfig = {
	crf: 23,
	threads: 0,
	preset: 'ultrafast',
	targetVideoCodec: 'h264',
	acceptedVideoCodecs: ['h264'],
	targetAudioCodec: 'aac',
	acceptedAudioCodecs: ['aac', 'mp3', 'opus'],
	acceptedContainers: ['mov', 'ogg', 'webm'],
	targetResolution: '720',
	maxBitrate: '0',
	bframes: -1,
	refs: 0,
	gopSize: 0,
	temporalAQ: false,
	cqMode: 'auto',
	twoPass: false,
	preferredHwDevice: 'auto',
	transcode: 'required',
	tonemap: 'hable',
	accel: 'disabled',
	accelDecode: true,
	realtime: { enabled: false, videoCodecs: ['h264', 'hevc'], resolutions: [480, 720, 1080] }
};

/** Adds the target codecs to the accepted ones, as Immich does on reading; otherwise its own output is transcoded again. */
export function acceptTargetCodecs(ffmpeg: FFmpegConfig): FFmpegConfig {
	const { targetVideoCodec, acceptedVideoCodecs, targetAudioCodec, acceptedAudioCodecs } = ffmpeg;
	return {
		...ffmpeg,
		acceptedVideoCodecs: withMember(acceptedVideoCodecs, targetVideoCodec),
		acceptedAudioCodecs: withMember(acceptedAudioCodecs, targetAudioCodec)
	};
}

const withMember = <Member>(list: Member[], member: Member) => (list.includes(member) ? list : [...list, member]);
