import { z } from 'zod';
import { dateTime, secret } from '../fields.ts';
import { keepChoices, spanChoices, startChoices } from './maintenance-choices.ts';
import { defineForm, defineOperations } from '../operation.ts';

export const maintenanceActions = ['start', 'end', 'select_database_restore', 'restore_database'] as const;
export const storageFolders = ['encoded-video', 'library', 'upload', 'profile', 'thumbs', 'backups'] as const;

export const SetMaintenanceModeDto = z
	.object({ action: z.enum(maintenanceActions), restoreBackupFilename: z.string().max(1_000).optional() })
	.refine(({ action, restoreBackupFilename }) => action !== 'restore_database' || Boolean(restoreBackupFilename), {
		error: 'Backup filename is required when action is restore_database',
		path: ['restoreBackupFilename']
	})
	.meta({ id: 'SetMaintenanceModeDto' });
export type SetMaintenanceMode = z.output<typeof SetMaintenanceModeDto>;

export const MaintenanceLoginDto = z
	.object({ token: secret(z.string().max(10_000)).optional() })
	.meta({ id: 'MaintenanceLoginDto' });

export const MaintenanceAuthDto = z
	.object({ username: z.string(), iat: z.int().optional(), exp: z.int().optional() })
	.meta({ id: 'MaintenanceAuthDto' });

export const MaintenanceStatusResponseDto = z
	.object({
		active: z.boolean(),
		action: z.enum(maintenanceActions),
		progress: z.number().optional(),
		task: z.string().optional(),
		error: z.string().optional()
	})
	.meta({ id: 'MaintenanceStatusResponseDto' });
export type MaintenanceStatus = z.output<typeof MaintenanceStatusResponseDto>;

export const DatabaseBackupListResponseDto = z
	.object({ backups: z.array(z.object({ filename: z.string(), filesize: z.number(), timezone: z.string() })) })
	.meta({ id: 'DatabaseBackupListResponseDto' });

export const MaintenanceDetectInstallResponseDto = z
	.object({
		storage: z.array(
			z.object({
				folder: z.enum(storageFolders),
				readable: z.boolean(),
				writable: z.boolean(),
				files: z.int()
			})
		)
	})
	.meta({ id: 'MaintenanceDetectInstallResponseDto' });

const maxMessageCharacters = 1_000;
const weekMinutes = 7 * 24 * 60;
const message = z.string().trim().max(maxMessageCharacters);
const minutes = z.int().min(1).max(weekMinutes);

/** Announcement and automatic end of a maintenance period. Durations, because clocks may differ. */
export const MaintenancePlanDto = z
	.object({
		message: message.default(''),
		/** 0 starts immediately. Required unless already on, so that an empty body never starts it. */
		startsInMinutes: z.int().min(0).max(weekMinutes).optional(),
		/** Expected duration from the start. */
		expectedMinutes: minutes.nullable().default(null),
		/** Ends automatically after this time from the start, unless extended. */
		endsAfterMinutes: minutes.nullable().default(null)
	})
	.meta({ id: 'MaintenancePlanDto' });
export type MaintenancePlan = z.output<typeof MaintenancePlanDto>;

export const MaintenancePlanResponseDto = z
	.object({
		state: z.enum(['off', 'announced', 'on']),
		message: z.string(),
		startsAt: dateTime.nullable(),
		expectedEndAt: dateTime.nullable(),
		endsAt: dateTime.nullable()
	})
	.meta({ id: 'MaintenancePlanResponseDto' });
export type MaintenanceView = z.output<typeof MaintenancePlanResponseDto>;

export const MaintenanceNoticeDto = z
	.object({ startsAt: dateTime.nullable(), expectedEndAt: dateTime.nullable(), message: z.string() })
	.meta({ id: 'MaintenanceNoticeDto' });
export type MaintenanceNotice = z.output<typeof MaintenanceNoticeDto>;

const parseMinutes = (choice: string): number | null => (choice === '' ? null : Number(choice));
const planFormPath = '/(console)/admin/maintenance?/plan';

export const maintenanceOperations = defineOperations({
	setMaintenanceMode: {
		summary: 'Start or end maintenance mode',
		rest: 'POST /api/admin/maintenance',
		form: defineForm({
			at: '/maintenance?/end',
			fields: z.object({}),
			toBody: () => ({ action: 'end' })
		}),
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		body: SetMaintenanceModeDto,
		status: 201
	},
	maintenanceLogin: {
		summary: 'Exchange a maintenance token for a cookie',
		rest: 'POST /api/admin/maintenance/login',
		form: defineForm({
			at: '/maintenance?/login',
			fields: z.object({ secretToken: secret(z.string().trim().min(1).max(10_000)) }),
			toBody: ({ secretToken }) => ({ token: secretToken })
		}),
		access: { public: true },
		maintenance: true,
		body: MaintenanceLoginDto,
		reply: MaintenanceAuthDto,
		status: 201
	},
	getMaintenanceStatus: {
		summary: 'Get whether the server is in maintenance mode',
		rest: 'GET /api/admin/maintenance/status',
		access: { public: true },
		maintenance: true,
		reply: MaintenanceStatusResponseDto
	},
	detectPriorInstall: {
		summary: 'Detect an existing installation',
		rest: 'GET /api/admin/maintenance/detect-install',
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		reply: MaintenanceDetectInstallResponseDto
	},
	listDatabaseBackups: {
		summary: 'List database backups. This server makes none.',
		rest: 'GET /api/admin/database-backups',
		upstream: true,
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		reply: DatabaseBackupListResponseDto
	},
	getMaintenancePlan: {
		summary: 'Get scheduled or current maintenance',
		rest: 'GET /api/admin/maintenance/plan',
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		reply: MaintenancePlanResponseDto
	},
	setMaintenancePlan: {
		summary: 'Announce maintenance, or begin it with a message and times; while it is on, change these',
		rest: 'PUT /api/admin/maintenance/plan',
		form: defineForm({
			at: planFormPath,
			fields: z.object({
				message,
				startsIn: z.enum(startChoices),
				expected: z.enum(spanChoices),
				endsAfter: z.enum(spanChoices),
				isConfirmed: z.boolean().refine((isTicked) => isTicked, { error: 'Check this box to continue' })
			}),
			toBody: (fields) => ({
				message: fields.message,
				startsInMinutes: Number(fields.startsIn),
				expectedMinutes: parseMinutes(fields.expected),
				endsAfterMinutes: parseMinutes(fields.endsAfter)
			})
		}),
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		body: MaintenancePlanDto,
		reply: MaintenancePlanResponseDto
	},
	withdrawMaintenancePlan: {
		summary: 'Cancel scheduled maintenance',
		rest: 'DELETE /api/admin/maintenance/plan',
		form: defineForm({ at: '/(console)/admin/maintenance?/withdraw', fields: z.object({}) }),
		access: { permission: 'maintenance', admin: true },
		status: 204
	},
	keepMaintenance: {
		summary: 'Extend maintenance by a number of minutes',
		rest: 'POST /api/admin/maintenance/keep',
		form: defineForm({
			at: '/maintenance?/keep',
			fields: z.object({ keep: z.enum(keepChoices) }),
			toBody: ({ keep }) => ({ minutes: Number(keep) })
		}),
		access: { permission: 'maintenance', admin: true },
		maintenance: true,
		body: z.object({ minutes }).meta({ id: 'MaintenanceKeepDto' }),
		reply: MaintenancePlanResponseDto,
		status: 200
	},
	getMaintenanceNotice: {
		summary: 'Get the maintenance notice',
		rest: 'GET /api/maintenance-notice',
		access: { permission: 'none' },
		reply: MaintenanceNoticeDto
	}
});
