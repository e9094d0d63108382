import { z } from 'zod';
import { AdminConfigDto, type SystemConfig } from './index.ts';

const { oauth, passwordLogin, server, theme, ffmpeg, image, machineLearning, map, reverseGeocoding, trash, user } =
	AdminConfigDto.shape;

// Fields are listed explicitly: a setting added later must not become public by accident.
const publicOAuth = z.object({
	autoLaunch: oauth.shape.autoLaunch,
	buttonText: oauth.shape.buttonText,
	enabled: oauth.shape.enabled
});
const publicPasswordLogin = passwordLogin.pick({ enabled: true });
const publicTheme = theme.pick({ customCss: true });

/** What anyone can read without signing in. */
export const PublicConfigDto = z
	.object({
		oauth: publicOAuth,
		passwordLogin: publicPasswordLogin,
		server: server.pick({ loginPageMessage: true }),
		theme: publicTheme
	})
	.meta({ id: 'PublicConfigDto' });
export type PublicConfig = z.output<typeof PublicConfigDto>;

/** What every user can read. */
export const UserConfigDto = z
	.object({
		ffmpeg: z.object({
			realtime: ffmpeg.shape.realtime.pick({ enabled: true, resolutions: true, videoCodecs: true })
		}),
		image: z.object({
			fullsize: image.shape.fullsize.pick({ enabled: true }),
			preview: image.shape.preview.pick({ size: true }),
			thumbnail: image.shape.thumbnail.pick({ size: true })
		}),
		machineLearning: z.object({
			enabled: machineLearning.shape.enabled,
			clip: machineLearning.shape.clip.pick({ enabled: true }),
			duplicateDetection: machineLearning.shape.duplicateDetection.pick({ enabled: true }),
			facialRecognition: machineLearning.shape.facialRecognition.pick({ enabled: true, minFaces: true }),
			ocr: machineLearning.shape.ocr.pick({ enabled: true })
		}),
		map: map.pick({ enabled: true, lightStyle: true, darkStyle: true }),
		oauth: publicOAuth,
		passwordLogin: publicPasswordLogin,
		reverseGeocoding: reverseGeocoding.pick({ enabled: true }),
		server: server.pick({ externalDomain: true, loginPageMessage: true, publicUsers: true }),
		theme: publicTheme,
		trash: trash.pick({ days: true, enabled: true }),
		user: user.pick({ deleteDelay: true })
	})
	.meta({ id: 'UserConfigDto' });
export type UserConfig = z.output<typeof UserConfigDto>;

/** Reduces the settings to the public ones. */
export const pickPublicConfig = (config: SystemConfig): PublicConfig => PublicConfigDto.parse(config);

/** Reduces the settings to what every user can read. */
export const pickUserConfig = (config: SystemConfig): UserConfig => UserConfigDto.parse(config);
