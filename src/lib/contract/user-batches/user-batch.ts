import { z } from 'zod';
import { dateTime, idParams, quotaInBytes, uuid } from '../fields.ts';
import { defineForm, defineOperations, file } from '../operation.ts';
import { bytesOfQuota, quotaText } from '../users/quota.ts';
import { UserFilter, userRoles, userSignIns, userStatuses } from '../user-directory/user-directory.ts';

/** Changes that can be applied to many users. */
export const changeKinds = ['requireChange', 'resetPassword', 'setQuota', 'delete', 'restore', 'unlinkOAuth'] as const;
export const batchKinds = [...changeKinds, 'create'] as const;
export type BatchKind = (typeof batchKinds)[number];

export const batchOutcomes = ['done', 'skipped', 'failed'] as const;
export type BatchOutcome = (typeof batchOutcomes)[number];

/** Maximum import file size and number of users created from it. */
export const maxImportBytes = 5 * 1024 * 1024;
export const maxImportRows = 20_000;

const maxChosen = 20_000;

/** Which users, by ID or list filter, and the change to apply. */
export const UserBatchCreateDto = z
	.object({
		kind: z.enum(changeKinds),
		ids: z.array(uuid).min(1).max(maxChosen).optional(),
		filter: UserFilter.optional(),
		/** For `setQuota`; null removes the quota. */
		quotaSizeInBytes: quotaInBytes.nullable().optional(),
		/** For `resetPassword`: also revokes API keys, by default. */
		revokeApiKeys: z.boolean().optional()
	})
	.refine(({ ids, filter }) => (ids === undefined) !== (filter === undefined), {
		error: 'Either ids or a filter must be given',
		path: ['ids']
	})
	.refine(({ kind, quotaSizeInBytes }) => kind !== 'setQuota' || quotaSizeInBytes !== undefined, {
		error: 'A quota must be given',
		path: ['quotaSizeInBytes']
	})
	.meta({ id: 'UserBatchCreateDto' });

export const UserBatchResponseDto = z
	.object({
		id: uuid,
		kind: z.enum(batchKinds),
		state: z.enum(['draft', 'running', 'finished']),
		quotaSizeInBytes: quotaInBytes.nullable().optional(),
		total: z.int(),
		waiting: z.int(),
		done: z.int(),
		skipped: z.int(),
		failed: z.int(),
		createdBy: uuid,
		createdAt: dateTime,
		startedAt: dateTime.nullable(),
		finishedAt: dateTime.nullable(),
		/** Temporary passwords not picked up yet. */
		passwords: z.int()
	})
	.meta({ id: 'UserBatchResponseDto' });
export type UserBatch = z.output<typeof UserBatchResponseDto>;

export const UserBatchItemDto = z
	.object({
		position: z.int(),
		userId: uuid.nullable(),
		email: z.string(),
		name: z.string(),
		outcome: z.enum(batchOutcomes).nullable(),
		reason: z.string().nullable()
	})
	.meta({ id: 'UserBatchItemDto' });
export type UserBatchItem = z.output<typeof UserBatchItemDto>;

export const UserBatchItemQuery = z.object({
	outcome: z.enum([...batchOutcomes, 'waiting']).optional(),
	/** Returns what follows this position. */
	after: z.coerce.number().int().min(0).max(2_147_483_647).optional()
});

/** Returned only to the admin who starts the batch; required to read its passwords. */
export const UserBatchStartedDto = z.object({ downloadKey: z.string().nullable() }).meta({ id: 'UserBatchStartedDto' });
export const UserBatchDownloadDto = z.object({ downloadKey: z.string().max(100) }).meta({ id: 'UserBatchDownloadDto' });

const admin = { admin: true } as const;
const batchPage = '/(console)/admin/users/batches/[id=uuid]';

const optional = <const Values extends readonly [string, ...string[]]>(values: Values) => z.enum(['', ...values]);

export const userBatchOperations = defineOperations({
	createUserBatch: {
		summary: 'Create a draft bulk action',
		rest: 'POST /api/admin/user-batches',
		form: defineForm({
			at: '/(console)/admin/users?/change',
			fields: z
				.object({
					kind: z.enum(changeKinds),
					/** Selected individually, on this page and others. */
					id: z.array(uuid).max(maxChosen),
					isAllMatching: z.boolean(),
					quota: quotaText,
					q: z.string().max(254),
					role: optional(userRoles),
					status: optional(userStatuses),
					signIn: optional(userSignIns),
					overQuota: optional(['over']),
					seen: optional(['never'])
				})
				.refine(({ id, isAllMatching }) => isAllMatching || id.length > 0, {
					error: 'Choose at least one account',
					path: ['id']
				}),
			toBody: ({ kind, id, isAllMatching, quota, q, role, status, signIn, overQuota, seen }) => ({
				kind,
				...(isAllMatching
					? {
							filter: {
								q,
								...(role && { role }),
								...(status && { status }),
								...(signIn && { signIn }),
								...(overQuota && { quota: overQuota }),
								...(seen && { seen })
							}
						}
					: { ids: [...new Set(id)] }),
				...(kind === 'setQuota' && { quotaSizeInBytes: bytesOfQuota(quota) })
			}),
			result: UserBatchResponseDto
		}),
		access: admin,
		body: UserBatchCreateDto,
		maxBytes: 2 * 1024 * 1024,
		maxValues: maxChosen + 100,
		reply: UserBatchResponseDto,
		status: 201
	},
	importUsers: {
		summary: 'Create a draft import from CSV',
		rest: 'POST /api/admin/user-batches/import',
		form: defineForm({
			at: '/(console)/admin/users/import?/default',
			fields: z.object({ csv: z.string().max(maxImportBytes + 64 * 1024), withPasswords: z.boolean() }),
			toBody: (fields) => fields,
			result: UserBatchResponseDto
		}),
		access: admin,
		body: z
			.object({ csv: z.string().max(maxImportBytes + 64 * 1024), withPasswords: z.boolean().optional() })
			.meta({ id: 'UserImportDto' }),
		maxBytes: maxImportBytes + 64 * 1024,
		reply: UserBatchResponseDto,
		status: 201
	},
	getUserBatch: {
		summary: 'Get bulk action progress',
		rest: 'GET /api/admin/user-batches/[id]',
		access: admin,
		params: idParams,
		reply: UserBatchResponseDto
	},
	getUserBatchItems: {
		summary: 'List bulk action results (50 per page)',
		rest: 'GET /api/admin/user-batches/[id]/items',
		access: admin,
		params: idParams,
		query: UserBatchItemQuery,
		reply: z.array(UserBatchItemDto)
	},
	downloadUserBatch: {
		summary: 'Download the results of a bulk action as CSV',
		rest: 'GET /api/admin/user-batches/[id]/result',
		access: admin,
		params: idParams,
		reply: file
	},
	startUserBatch: {
		summary: 'Start a drafted change',
		rest: 'POST /api/admin/user-batches/[id]/start',
		form: defineForm({ at: `${batchPage}?/start`, fields: z.object({}) }),
		access: admin,
		params: idParams,
		reply: UserBatchStartedDto
	},
	retryUserBatch: {
		summary: 'Draft the same change for the accounts at which it failed',
		rest: 'POST /api/admin/user-batches/[id]/retry',
		form: defineForm({ at: `${batchPage}?/retry`, fields: z.object({}), result: UserBatchResponseDto }),
		access: admin,
		params: idParams,
		reply: UserBatchResponseDto,
		status: 201
	},
	discardUserBatch: {
		summary: 'Delete a draft or finished bulk action',
		rest: 'DELETE /api/admin/user-batches/[id]',
		form: defineForm({ at: `${batchPage}?/discard`, fields: z.object({}) }),
		access: admin,
		params: idParams,
		status: 204
	},
	takeUserBatchPasswords: {
		summary: 'Download the temporary passwords, as CSV; once, and only with what the start gave',
		rest: 'POST /api/admin/user-batches/[id]/passwords',
		access: admin,
		params: idParams,
		body: UserBatchDownloadDto,
		reply: file
	}
});
