import { z } from 'zod';
import { AdminConfigBackupsDto, backupDefaults } from '../groups/backup.ts';
import { acceptTargetCodecs, AdminConfigFFmpegDto, ffmpegDefaults } from '../groups/ffmpeg.ts';
import { withoutCredentials } from './fields.ts';
import { AdminConfigImageDto, imageDefaults } from '../groups/image.ts';
import { AdminConfigIntegrityChecksDto, integrityChecksDefaults } from '../groups/integrity-checks.ts';
import { AdminConfigJobDto, jobDefaults } from '../groups/job.ts';
import { toLeaves, withLeaves } from './leaves.ts';
import { AdminConfigLibraryDto, libraryDefaults } from '../groups/library.ts';
import { AdminConfigLoggingDto, loggingDefaults } from '../groups/logging.ts';
import { AdminConfigMachineLearningDto, machineLearningDefaults } from '../groups/machine-learning.ts';
import { AdminConfigMapDto, mapDefaults } from '../groups/map.ts';
import { AdminConfigMetadataDto, metadataDefaults } from '../groups/metadata.ts';
import { AdminConfigNewVersionCheckDto, newVersionCheckDefaults } from '../groups/new-version-check.ts';
import { AdminConfigNightlyTasksDto, nightlyTasksDefaults } from '../groups/nightly-tasks.ts';
import { AdminConfigNotificationsDto, notificationsDefaults } from '../groups/notifications.ts';
import { AdminConfigOAuthDto, oauthDefaults } from '../groups/oauth.ts';
import { AdminConfigPasswordLoginDto, passwordLoginDefaults } from '../groups/password-login.ts';
import { AdminConfigReverseGeocodingDto, reverseGeocodingDefaults } from '../groups/reverse-geocoding.ts';
import { AdminConfigServerDto, serverDefaults } from '../groups/server.ts';
import { diffDocument, isObject, mergeDocument, type JsonObject, type MergedDocument } from './sparse-document.ts';
import { AdminConfigStorageTemplateDto, storageTemplateDefaults } from '../groups/storage-template.ts';
import { AdminConfigTemplatesDto, templatesDefaults } from '../groups/templates.ts';
import { AdminConfigThemeDto, themeDefaults } from '../groups/theme.ts';
import { AdminConfigTrashDto, trashDefaults } from '../groups/trash.ts';
import { AdminConfigUserDto, userDefaults } from '../groups/user.ts';

/** Immich's settings document. Official clients replace it as a whole, so every key is required and it has no keys of ours. */
export const AdminConfigDto = z
	.object({
		backup: AdminConfigBackupsDto,
		ffmpeg: AdminConfigFFmpegDto,
		image: AdminConfigImageDto,
		integrityChecks: AdminConfigIntegrityChecksDto,
		job: AdminConfigJobDto,
		library: AdminConfigLibraryDto,
		logging: AdminConfigLoggingDto,
		machineLearning: AdminConfigMachineLearningDto,
		map: AdminConfigMapDto,
		metadata: AdminConfigMetadataDto,
		newVersionCheck: AdminConfigNewVersionCheckDto,
		nightlyTasks: AdminConfigNightlyTasksDto,
		notifications: AdminConfigNotificationsDto,
		oauth: AdminConfigOAuthDto,
		passwordLogin: AdminConfigPasswordLoginDto,
		reverseGeocoding: AdminConfigReverseGeocodingDto,
		server: AdminConfigServerDto,
		storageTemplate: AdminConfigStorageTemplateDto,
		templates: AdminConfigTemplatesDto,
		theme: AdminConfigThemeDto,
		trash: AdminConfigTrashDto,
		user: AdminConfigUserDto
	})
	.meta({ id: 'AdminConfigDto' });

export type SystemConfig = z.output<typeof AdminConfigDto>;

export const systemConfigDefaults: SystemConfig = {
	backup: backupDefaults,
	ffmpeg: ffmpegDefaults,
	image: imageDefaults,
	integrityChecks: integrityChecksDefaults,
	job: jobDefaults,
	library: libraryDefaults,
	logging: loggingDefaults,
	machineLearning: machineLearningDefaults,
	map: mapDefaults,
	metadata: metadataDefaults,
	newVersionCheck: newVersionCheckDefaults,
	nightlyTasks: nightlyTasksDefaults,
	notifications: notificationsDefaults,
	oauth: oauthDefaults,
	passwordLogin: passwordLoginDefaults,
	reverseGeocoding: reverseGeocodingDefaults,
	server: serverDefaults,
	storageTemplate: storageTemplateDefaults,
	templates: templatesDefaults,
	theme: themeDefaults,
	trash: trashDefaults,
	user: userDefaults
};

/** Reduces the document to what is stored; a config file has the same format. */
export function diffFromDefaults(config: SystemConfig): JsonObject {
	return diffDocument(config, systemConfigDefaults);
}

/**
 * Merges a stored document or config file with the defaults. Never fails: invalid settings are listed and use their default.
 */
export function mergeWithDefaults(stored: unknown): MergedDocument<SystemConfig> {
	const { config, problems } = mergeDocument(AdminConfigDto, systemConfigDefaults, withPlainUrls(stored));
	const { ffmpeg, server } = config;
	return {
		config: {
			...config,
			ffmpeg: acceptTargetCodecs(ffmpeg),
			server: { ...server, externalDomain: toOrigin(server.externalDomain) }
		},
		problems
	};
}

const shownUrls = [
	'map.lightStyle',
	'map.darkStyle',
	'oauth.accountManagementUrl',
	'oauth.endSessionEndpoint',
	'oauth.issuerUrl',
	'oauth.mobileRedirectUri',
	'server.externalDomain'
];

/** Immich and earlier versions accepted credentials in URLs; they are removed from stored ones. */
function withPlainUrls(stored: unknown): unknown {
	if (!isObject(stored)) return stored;
	const document = stored as JsonObject;
	const plain = [...toLeaves(document)].flatMap(([path, value]) =>
		typeof value === 'string' && shownUrls.includes(path) ? [[path, withoutCredentials(value)] as const] : []
	);
	return withLeaves(document, new Map(plain));
}

/** Reduces a URL to its origin. */
function toOrigin(address: string): string {
	return address === '' ? '' : new URL('/', address).href.slice(0, -1);
}
