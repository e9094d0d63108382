import { z } from 'zod';
import { defineOperations } from './operation.ts';
import { VersionCheckStateResponseDto } from './version-check.ts';

export const ServerPingResponse = z.object({ res: z.literal('pong') }).meta({ id: 'ServerPingResponse' });

export const ServerVersionResponseDto = z
	.object({ major: z.int(), minor: z.int(), patch: z.int(), prerelease: z.int().nullable() })
	.meta({ id: 'ServerVersionResponseDto' });

export const ServerFeaturesDto = z
	.object({
		smartSearch: z.boolean(),
		facialRecognition: z.boolean(),
		duplicateDetection: z.boolean(),
		map: z.boolean(),
		reverseGeocoding: z.boolean(),
		importFaces: z.boolean(),
		sidecar: z.boolean(),
		search: z.boolean(),
		trash: z.boolean(),
		oauth: z.boolean(),
		oauthAutoLaunch: z.boolean(),
		ocr: z.boolean(),
		passwordLogin: z.boolean(),
		configFile: z.boolean(),
		email: z.boolean(),
		realtimeTranscoding: z.boolean()
	})
	.meta({ id: 'ServerFeaturesDto' });

export const ServerConfigDto = z
	.object({
		loginPageMessage: z.string(),
		trashDays: z.int(),
		userDeleteDelay: z.int(),
		oauthButtonText: z.string(),
		oauthAccountManagementUrl: z.string().optional(),
		isInitialized: z.boolean(),
		isOnboarded: z.boolean(),
		externalDomain: z.string(),
		publicUsers: z.boolean(),
		mapDarkStyleUrl: z.string(),
		mapLightStyleUrl: z.string(),
		maintenanceMode: z.boolean(),
		minFaces: z.int()
	})
	.meta({ id: 'ServerConfigDto' });

const about = z.string().optional();
export const ServerAboutResponseDto = z
	.object({
		version: z.string(),
		versionUrl: z.string(),
		licensed: z.boolean(),
		repository: about,
		repositoryUrl: about,
		sourceRef: about,
		sourceCommit: about,
		sourceUrl: about,
		build: about,
		buildUrl: about,
		buildImage: about,
		buildImageUrl: about,
		nodejs: about,
		exiftool: about,
		ffmpeg: about,
		libvips: about,
		imagemagick: about,
		thirdPartySourceUrl: about,
		thirdPartyBugFeatureUrl: about,
		thirdPartyDocumentationUrl: about,
		thirdPartySupportUrl: about
	})
	.meta({ id: 'ServerAboutResponseDto' });

export const ServerMediaTypesResponseDto = z
	.object({ video: z.array(z.string()), image: z.array(z.string()), sidecar: z.array(z.string()) })
	.meta({ id: 'ServerMediaTypesResponseDto' });

export const serverOperations = defineOperations({
	pingServer: {
		summary: 'Answer that the server is there.',
		rest: 'GET /api/server/ping',
		access: { public: true },
		maintenance: true,
		reply: ServerPingResponse
	},
	getServerVersion: {
		summary: 'Read the version of Immich’s interface that is spoken here.',
		rest: 'GET /api/server/version',
		access: { public: true },
		maintenance: true,
		reply: ServerVersionResponseDto
	},
	getServerFeatures: {
		summary: 'Read what is switched on.',
		rest: 'GET /api/server/features',
		access: { public: true },
		reply: ServerFeaturesDto
	},
	getServerConfig: {
		summary: 'Read what a client needs before anybody signs in.',
		rest: 'GET /api/server/config',
		access: { public: true },
		maintenance: true,
		// In maintenance nothing else is told.
		reply: z.union([ServerConfigDto, z.object({ maintenanceMode: z.literal(true) })])
	},
	getAboutInfo: {
		summary: 'Read which versions are at work here.',
		rest: 'GET /api/server/about',
		access: { permission: 'server.about' },
		reply: ServerAboutResponseDto
	},
	getVersionCheck: {
		summary: 'Read what the last look for a newer version has found.',
		rest: 'GET /api/server/version-check',
		access: { permission: 'server.versionCheck' },
		reply: VersionCheckStateResponseDto
	},
	getSupportedMediaTypes: {
		summary: 'Read which files clients may offer for upload.',
		rest: 'GET /api/server/media-types',
		access: { public: true },
		reply: ServerMediaTypesResponseDto
	},
	discoverServer: {
		summary: 'Tell mobile clients where the interface is.',
		rest: 'GET /[x+2e]well-known/immich',
		access: { public: true },
		maintenance: true,
		reply: z.object({ api: z.object({ endpoint: z.string() }) })
	},
	getApiDocument: {
		summary: 'Read this interface as an OpenAPI 3.1 document.',
		rest: 'GET /api/openapi.json',
		access: { permission: 'none' },
		reply: z.record(z.string(), z.unknown())
	}
});
