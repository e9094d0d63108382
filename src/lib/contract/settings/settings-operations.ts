import { z } from 'zod';
import { defineForm, defineOperations, file } from '../operation.ts';
import { ImmichAuthConfigDto } from './document/immich-auth.ts';
import { AdminConfigDto } from './document/index.ts';
import { ProviderId } from './document/oauth-providers.ts';
import { isSecretSettingField } from './document/secrets.ts';
import { PublicConfigDto, UserConfigDto } from './document/subsets.ts';

const texts = z.array(z.string());
const StorageTemplateOptionsDto = z
	.object({
		dayOptions: texts,
		hourOptions: texts,
		minuteOptions: texts,
		monthOptions: texts,
		presetOptions: texts,
		secondOptions: texts,
		weekOptions: texts,
		yearOptions: texts
	})
	.meta({ id: 'SystemConfigTemplateStorageOptionDto' });
export type StorageTemplateOptions = z.output<typeof StorageTemplateOptionsDto>;

/** The document includes a style sheet and email templates. */
const maxBytes = 1024 * 1024;
const readAccess = { permission: 'adminConfig.read', admin: true } as const;
const updateAccess = { permission: 'adminConfig.update', admin: true } as const;
const legacyReadAccess = { permission: 'systemConfig.read', admin: true } as const;
const page = '/(console)/admin/settings/[group]';

/** The pending changes, shown before saving. */
export const SettingsReviewDto = z.object({
	changes: z.array(
		z.object({
			/** The setting's path within its group. */
			name: z.string(),
			title: z.string(),
			from: z.string(),
			to: z.string(),
			/** What another admin has set it to meanwhile; null if unchanged. */
			theirs: z.string().nullable()
		})
	),
	/** Some changes conflict and need a decision. */
	isConflict: z.boolean(),
	/** The group's version this was compared with. */
	version: z.string(),
	/** Submitted values to show again; secrets only encrypted. */
	values: z.record(z.string(), z.string()),
	sealed: z.record(z.string(), z.string()),
	/** Sign-in URL of the provider with the submitted settings, for a test. */
	testUrl: z.string().optional(),
	/** What the provider already rejects about these settings. */
	testWarning: z.string().nullable().optional()
});
export type SettingsReview = z.output<typeof SettingsReviewDto>;

export const systemConfigOperations = defineOperations({
	getConfig: {
		summary: 'Get all settings, as older apps do',
		rest: 'GET /api/system-config',
		access: legacyReadAccess,
		reply: AdminConfigDto
	},
	getConfigDefaults: {
		summary: 'Get default settings (legacy)',
		rest: 'GET /api/system-config/defaults',
		access: legacyReadAccess,
		reply: AdminConfigDto
	},
	updateConfig: {
		summary: 'Replace all settings, as older apps do',
		rest: 'PUT /api/system-config',
		access: { permission: 'systemConfig.update', admin: true },
		body: AdminConfigDto,
		reply: AdminConfigDto,
		maxBytes
	},
	getStorageTemplateOptions: {
		summary: 'Get storage template options',
		rest: 'GET /api/system-config/storage-template-options',
		access: legacyReadAccess,
		reply: StorageTemplateOptionsDto
	},
	getAdminConfig: {
		summary: 'Get all settings',
		rest: 'GET /api/admin/config',
		access: readAccess,
		reply: AdminConfigDto
	},
	getAdminConfigDefaults: {
		summary: 'Get the settings of a fresh server',
		rest: 'GET /api/admin/config/defaults',
		access: readAccess,
		reply: AdminConfigDto
	},
	updateAdminConfig: {
		summary: 'Update all settings. Use If-Match to avoid overwriting someone else’s changes.',
		rest: 'PUT /api/admin/config',
		access: updateAccess,
		body: AdminConfigDto,
		reply: AdminConfigDto,
		maxBytes
	},
	getAuthConfig: {
		summary: 'Get immich-auth settings',
		rest: 'GET /api/admin/auth-config',
		access: readAccess,
		reply: ImmichAuthConfigDto
	},
	getAuthConfigDefaults: {
		summary: 'Get default immich-auth settings',
		rest: 'GET /api/admin/auth-config/defaults',
		access: readAccess,
		reply: ImmichAuthConfigDto
	},
	updateAuthConfig: {
		summary: 'Replace immich-auth’s own settings. Use If-Match to avoid overwriting someone else’s changes.',
		rest: 'PUT /api/admin/auth-config',
		access: updateAccess,
		body: ImmichAuthConfigDto,
		closed: true,
		reply: ImmichAuthConfigDto
	},
	changeSettings: {
		summary: 'Look at changes of one group of settings, or save them',
		form: defineForm({
			at: [`${page}?/review`, `${page}?/save`, `${page}?/tryProvider`],
			// A group's fields depend on its settings, so the service parses them.
			fields: z
				.object({ version: z.string().max(200), base: z.string().max(maxBytes) })
				.catchall(z.string().max(maxBytes).default('')),
			isSecret: isSecretSettingField,
			result: SettingsReviewDto.nullable()
		}),
		params: z.object({ group: z.string().max(100) }),
		access: updateAccess,
		maxBytes
	},
	addProvider: {
		summary: 'Set up one more provider to sign in through',
		form: defineForm({
			at: '/(console)/admin/settings/oauth/add?/default',
			fields: z.object({ id: z.string().trim().toLowerCase().max(100).pipe(ProviderId) }),
			/** ID of the settings group. */
			result: z.string()
		}),
		access: updateAccess
	},
	removeProvider: {
		summary: 'Remove a provider other than the first',
		form: defineForm({ at: `${page}/remove?/default`, fields: z.object({}) }),
		params: z.object({ group: z.string().max(100) }),
		access: updateAccess
	},
	getUserConfig: {
		summary: 'Get user-visible settings',
		rest: 'GET /api/config',
		access: { permission: 'userConfig.read' },
		reply: UserConfigDto
	},
	getUserConfigDefaults: {
		summary: 'Get default immich-auth settings',
		rest: 'GET /api/config/defaults',
		access: { permission: 'userConfig.read' },
		reply: UserConfigDto
	},
	getPublicConfig: {
		summary: 'Get public settings',
		rest: 'GET /api/public/config',
		access: { public: true },
		reply: PublicConfigDto
	},
	getPublicConfigDefaults: {
		summary: 'Get default immich-auth settings',
		rest: 'GET /api/public/config/defaults',
		access: { public: true },
		reply: PublicConfigDto
	},
	getCustomCss: {
		summary: 'Get the server’s own style sheet',
		rest: 'GET /custom.css',
		access: { public: true },
		maintenance: true,
		reply: file
	}
});
