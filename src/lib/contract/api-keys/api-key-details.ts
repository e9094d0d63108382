import { z } from 'zod';
import { ApiKeyCreateResponseDto, ApiKeyResponseDto, grantedPermissions, keyName } from './api-key.ts';
import { dayMs } from '../day.ts';
import { toExpiryDate, expiries, type Expiry } from './expiry.ts';
import { dateTime, idParams, isoDate, maxMomentCharacters, uuid } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { grantable } from '../permissions/permission.ts';

const longestLifeMs = 10 * 366 * dayMs;

/** An expiry date within the next ten years; null for never. */
const expiresAt = dateTime
	.max(maxMomentCharacters)
	.refine((moment) => Date.parse(moment) > Date.now(), { error: 'Must be in the future' })
	.refine((moment) => Date.parse(moment) < Date.now() + longestLifeMs, { error: 'Must be within ten years' })
	.nullable();

/** Permissions as selected in a form and returned by our routes. */
const listed = z.array(z.enum(grantable));
const ticked = listed.min(1).max(grantable.length);

/** An API key with all its details except the secret. */
export const ApiKeyDetailsDto = ApiKeyResponseDto.extend({
	permissions: listed,
	/** The secret's first and last four characters; null for keys not created here. */
	prefix: z.string().nullable(),
	lastFour: z.string().nullable(),
	expiresAt: dateTime.nullable(),
	lastUsedAt: dateTime.nullable(),
	/** IP address and client program of the last use. */
	lastUsedFrom: z.string().nullable(),
	lastUsedBy: z.string().nullable()
}).meta({ id: 'ApiKeyDetailsDto' });
export type ApiKeyDetails = z.output<typeof ApiKeyDetailsDto>;

export const ApiKeyUsageDto = ApiKeyDetailsDto.extend({
	/** Number of days covered, including today. */
	days: z.int(),
	used: z.array(z.object({ permission: z.string(), count: z.int(), lastUsedAt: dateTime })),
	/** Permissions left if the key kept only those it has used; null if nothing would change. */
	trimmed: z.array(z.enum(grantable)).nullable()
}).meta({ id: 'ApiKeyUsageDto' });
export type ApiKeyUsage = z.output<typeof ApiKeyUsageDto>;

export const ApiKeyPageDto = z
	.object({ keys: z.array(ApiKeyDetailsDto), total: z.int(), next: uuid.nullable() })
	.meta({ id: 'ApiKeyPageDto' });
export type ApiKeyPage = z.output<typeof ApiKeyPageDto>;

export const ApiKeyDetailsCreateDto = z
	.object({ name: keyName.optional(), permissions: grantedPermissions, expiresAt: expiresAt.optional() })
	.meta({ id: 'ApiKeyDetailsCreateDto' });

export const ApiKeyDetailsUpdateDto = z
	.object({ name: keyName.optional(), permissions: grantedPermissions.optional(), expiresAt: expiresAt.optional() })
	.meta({ id: 'ApiKeyDetailsUpdateDto' });

export const ApiKeyTrimDto = z.object({ permissions: ticked }).meta({ id: 'ApiKeyTrimDto' });

/** The secret is returned only here. */
const ApiKeyMade = ApiKeyCreateResponseDto.extend({ expiresAt: dateTime.nullable() }).meta({ id: 'ApiKeyMadeDto' });

/** Returns the keys after this one. */
export const ApiKeyPageQuery = z.object({ after: uuid.optional() });
const keyParams = idParams.extend({ keyId: uuid });
/** A checkbox that must be ticked before a bulk revocation. */
const confirmed = z.boolean().refine((isTicked) => isTicked, { error: 'Check this box to continue.' });

const keyFields = { name: keyName, permissions: ticked, expiryDate: z.string().max(10) };
const isDayGiven = ({ expiry, expiryDate }: { expiry: Expiry | 'keep'; expiryDate: string }) =>
	expiry !== 'date' || (isoDate.safeParse(expiryDate).success && isTimely(toExpiryDate('date', expiryDate)));
const isTimely = (moment: string | null) => expiresAt.safeParse(moment).success;
const dayMissing = { path: ['expiryDate'], error: 'Choose a date between today and ten years from now.' };

const ownKey = '/(console)/account/api-keys/[id=uuid]';
const admins = (permission: 'adminUser.read') => ({ permission, admin: true }) as const;
/** API keys need `all`. */
const adminsByAll = { admin: true } as const;

export const apiKeyDetailsOperations = defineOperations({
	getApiKeyPage: {
		summary: 'List your API keys with expiry and last use, newest first (paginated)',
		rest: 'GET /api/api-keys/details',
		access: { permission: 'apiKey.read' },
		query: ApiKeyPageQuery,
		reply: ApiKeyPageDto
	},
	createApiKeyWithExpiry: {
		summary: 'Create an API key with optional expiry. The secret is returned only once.',
		rest: 'POST /api/api-keys/details',
		form: defineForm({
			at: '/(console)/account/api-keys/new?/default',
			fields: z.object({ ...keyFields, expiry: z.enum(expiries) }).refine(isDayGiven, dayMissing),
			toBody: ({ name, permissions: wanted, expiry, expiryDate }) => ({
				name,
				permissions: wanted,
				expiresAt: toExpiryDate(expiry, expiryDate)
			}),
			result: ApiKeyMade
		}),
		access: { permission: 'apiKey.create' },
		body: ApiKeyDetailsCreateDto,
		reply: ApiKeyMade,
		status: 201
	},
	getApiKeyUsage: {
		summary: 'Get an API key with its permission usage',
		rest: 'GET /api/api-keys/[id]/details',
		access: { permission: 'apiKey.read' },
		params: idParams,
		reply: ApiKeyUsageDto
	},
	updateApiKeyDetails: {
		summary: 'Change one of your API keys: name, permissions, expiry',
		rest: 'PUT /api/api-keys/[id]/details',
		form: defineForm({
			at: `${ownKey}/edit?/default`,
			fields: z.object({ ...keyFields, expiry: z.enum(['keep', ...expiries]) }).refine(isDayGiven, dayMissing),
			toBody: ({ name, permissions: wanted, expiry, expiryDate }) => ({
				name,
				permissions: wanted,
				...(expiry === 'keep' ? {} : { expiresAt: toExpiryDate(expiry, expiryDate) })
			})
		}),
		access: { permission: 'apiKey.update' },
		params: idParams,
		body: ApiKeyDetailsUpdateDto,
		reply: ApiKeyDetailsDto
	},
	trimApiKey: {
		summary: 'Remove unused permissions from an API key',
		rest: 'POST /api/api-keys/[id]/trim',
		form: defineForm({
			at: `${ownKey}/trim?/default`,
			fields: ApiKeyTrimDto.omit({}),
			toBody: (fields) => fields
		}),
		access: { permission: 'apiKey.update' },
		params: idParams,
		body: ApiKeyTrimDto,
		reply: ApiKeyDetailsDto,
		status: 200
	},
	getUserApiKeysAdmin: {
		summary: 'List one account’s API keys, newest first, so many at a time',
		rest: 'GET /api/admin/users/[id]/api-keys',
		access: admins('adminUser.read'),
		params: idParams,
		query: ApiKeyPageQuery,
		reply: ApiKeyPageDto
	},
	deleteUserApiKeysAdmin: {
		summary: 'Revoke all API keys of a user',
		rest: 'DELETE /api/admin/users/[id]/api-keys',
		form: defineForm({ at: '/(console)/admin/users/[id=uuid]/api-keys?/default', fields: z.object({ confirmed }) }),
		access: adminsByAll,
		params: idParams,
		status: 204
	},
	deleteUserApiKeyAdmin: {
		summary: 'End one API key of one account',
		rest: 'DELETE /api/admin/users/[id]/api-keys/[keyId]',
		form: defineForm({
			at: '/(console)/admin/users/[id=uuid]/api-keys/[keyId=uuid]?/default',
			fields: z.object({})
		}),
		access: adminsByAll,
		params: keyParams,
		status: 204
	}
});
