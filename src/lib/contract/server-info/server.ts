import { z } from 'zod';
import { dateTime, uuid } from '../fields.ts';
import { defineOperations } from '../operation.ts';
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

const bytes = z.number().min(0);
const usage = {
	photos: z.int(),
	videos: z.int(),
	usage: bytes,
	usagePhotos: bytes,
	usageVideos: bytes
};
export const UsageByUserDto = z
	.object({ userId: z.string(), userName: z.string(), ...usage, quotaSizeInBytes: bytes.nullable() })
	.meta({ id: 'UsageByUserDto' });
export type UserUsage = z.output<typeof UsageByUserDto>;

export const ServerStatsResponseDto = z
	.object({ ...usage, usageByUser: z.array(UsageByUserDto) })
	.meta({ id: 'ServerStatsResponseDto' });
export type ServerStatistics = z.output<typeof ServerStatsResponseDto>;

export const ServerStorageResponseDto = z
	.object({
		diskSize: z.string(),
		diskUse: z.string(),
		diskAvailable: z.string(),
		diskSizeRaw: bytes,
		diskUseRaw: bytes,
		diskAvailableRaw: bytes,
		diskUsagePercentage: z.number()
	})
	.meta({ id: 'ServerStorageResponseDto' });
export type ServerStorage = z.output<typeof ServerStorageResponseDto>;

export const ServerVersionHistoryResponseDto = z
	.object({ id: z.string(), createdAt: dateTime, version: z.string() })
	.meta({ id: 'ServerVersionHistoryResponseDto' });

const ServerApkLinksDto = z
	.object({ arm64v8a: z.string(), armeabiv7a: z.string(), universal: z.string(), x86_64: z.string() })
	.meta({ id: 'ServerApkLinksDto' });

export const HealthDto = z.object({ status: z.literal('alive') }).meta({ id: 'HealthDto' });
export const ReadinessDto = z
	.object({
		status: z.literal('ready'),
		/** The Immich that this server is in front of, at the last look. */
		immich: z.object({ isUp: z.boolean(), version: z.string().nullable() }).optional()
	})
	.meta({ id: 'ReadinessDto' });

/** One page of usage per user; `after` is the last ID of the previous page. */
export interface UsagePage {
	readonly users: readonly UserUsage[];
	readonly next: string | null;
}

export const UsagePageQuery = z.object({ after: uuid.optional().catch(undefined) });

/** The server's environment. */
export interface ServerFacts {
	readonly startedAt: string;
	readonly nodeVersion: string;
	readonly database: {
		readonly isEmbedded: boolean;
		readonly version: string;
		readonly sizeBytes: number;
		/** To this database, including this server's own. */
		readonly connections: number;
		readonly maxConnections: number;
	};
}

export const serverOperations = defineOperations({
	pingServer: {
		summary: 'Ping',
		rest: 'GET /api/server/ping',
		access: { public: true },
		maintenance: true,
		reply: ServerPingResponse
	},
	getServerVersion: {
		summary: 'Get the API version',
		rest: 'GET /api/server/version',
		upstream: true,
		access: { public: true },
		maintenance: true,
		reply: ServerVersionResponseDto
	},
	getServerFeatures: {
		summary: 'Get enabled features',
		rest: 'GET /api/server/features',
		upstream: true,
		access: { public: true },
		reply: ServerFeaturesDto
	},
	getServerConfig: {
		summary: 'Get public server configuration',
		rest: 'GET /api/server/config',
		access: { public: true },
		maintenance: true,
		// In maintenance mode nothing else is returned.
		reply: z.union([ServerConfigDto, z.object({ maintenanceMode: z.literal(true) })])
	},
	getAboutInfo: {
		summary: 'Get server information',
		rest: 'GET /api/server/about',
		upstream: true,
		access: { permission: 'server.about' },
		reply: ServerAboutResponseDto
	},
	getVersionCheck: {
		summary: 'Get the latest update check',
		rest: 'GET /api/server/version-check',
		upstream: true,
		access: { permission: 'server.versionCheck' },
		reply: VersionCheckStateResponseDto
	},
	getSupportedMediaTypes: {
		summary: 'Get supported media types',
		rest: 'GET /api/server/media-types',
		upstream: true,
		access: { public: true },
		reply: ServerMediaTypesResponseDto
	},
	getServerStatistics: {
		summary: 'Count the photos and videos of all users',
		rest: 'GET /api/server/statistics',
		upstream: true,
		access: { permission: 'server.statistics', admin: true },
		reply: ServerStatsResponseDto
	},
	getStorage: {
		summary: 'Get disk usage',
		rest: 'GET /api/server/storage',
		upstream: true,
		access: { permission: 'server.storage' },
		reply: ServerStorageResponseDto
	},
	getVersionHistory: {
		summary: 'Get version history',
		rest: 'GET /api/server/version-history',
		upstream: true,
		access: { public: true },
		reply: z.array(ServerVersionHistoryResponseDto)
	},
	getApkLinks: {
		summary: 'Get where Immich’s app for Android can be had',
		rest: 'GET /api/server/apk-links',
		upstream: true,
		access: { permission: 'server.apkLinks' },
		reply: ServerApkLinksDto
	},
	checkHealth: {
		summary: 'Liveness check',
		rest: 'GET /healthz',
		access: { public: true },
		maintenance: true,
		reply: HealthDto
	},
	checkReadiness: {
		summary: 'Readiness check (503 if the database is unavailable)',
		rest: 'GET /readyz',
		access: { public: true },
		maintenance: true,
		reply: ReadinessDto
	},
	discoverServer: {
		summary: 'Tell mobile clients where the interface is',
		rest: 'GET /[x+2e]well-known/immich',
		access: { public: true },
		maintenance: true,
		reply: z.object({
			api: z.object({ endpoint: z.string() }),
			/** Where a program signs a user in through a browser; clients of Immich ignore it. Source: RFC 8628 §4. */
			deviceAuthorization: z.object({ codeEndpoint: z.string(), tokenEndpoint: z.string() })
		})
	},
	getApiDocument: {
		summary: 'Get this interface as an OpenAPI 3.1 document',
		rest: 'GET /api/openapi.json',
		access: { permission: 'none' },
		reply: z.record(z.string(), z.unknown())
	}
});
