import { z } from 'zod';
import { dateTime, idParams } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { formerNames, grantable, isGrantable, permissions, type AnyPermission } from '../permissions/permission.ts';

const accepted = [...grantable, ...formerNames.keys()];
const invalidPermission = `Invalid option: expected one of ${permissions.map((name) => `"${name}"`).join('|')}`;

/** Granted permissions: former names replaced by current ones, without duplicates. */
export const grantedPermissions = z
	.array(z.enum(accepted, { error: invalidPermission }))
	.min(1)
	.max(accepted.length)
	.transform((names): AnyPermission[] => [
		...new Set(names.flatMap((name) => (isGrantable(name) ? [name] : (formerNames.get(name) ?? []))))
	]);
export const keyName = z.string().max(200);

export const ApiKeyCreateDto = z
	.object({ name: keyName.optional(), permissions: grantedPermissions })
	.meta({ id: 'ApiKeyCreateDto' });

export const ApiKeyUpdateDto = z
	.object({ name: keyName.optional(), permissions: grantedPermissions.optional() })
	.meta({ id: 'ApiKeyUpdateDto' });

export const ApiKeyResponseDto = z
	.object({
		id: z.string(),
		name: z.string(),
		/** Only Immich's own values: its apps would reject any other. */
		permissions: z.array(z.enum(permissions)),
		createdAt: dateTime,
		updatedAt: dateTime
	})
	.meta({ id: 'ApiKeyResponseDto' });
export type ApiKey = z.output<typeof ApiKeyResponseDto>;

/** The secret is returned only here; newer clients read the top-level fields, older ones those below. */
export const ApiKeyCreateResponseDto = ApiKeyResponseDto.extend({
	secret: z.string(),
	apiKey: ApiKeyResponseDto
}).meta({ id: 'ApiKeyCreateResponseDto' });
export type ApiKeyWithSecret = z.output<typeof ApiKeyCreateResponseDto>;

export const apiKeyOperations = defineOperations({
	getApiKeys: {
		summary: 'List your API keys, newest first',
		rest: 'GET /api/api-keys',
		access: { permission: 'apiKey.read' },
		reply: z.array(ApiKeyResponseDto)
	},
	createApiKey: {
		summary: 'Create an API key. The secret is returned only once.',
		rest: 'POST /api/api-keys',
		access: { permission: 'apiKey.create' },
		body: ApiKeyCreateDto,
		reply: ApiKeyCreateResponseDto,
		status: 201
	},
	getMyApiKey: {
		summary: 'Get the API key used for this request',
		rest: 'GET /api/api-keys/me',
		access: { permission: 'none' },
		reply: ApiKeyResponseDto
	},
	getApiKey: {
		summary: 'Get one of your API keys',
		rest: 'GET /api/api-keys/[id]',
		access: { permission: 'apiKey.read' },
		params: idParams,
		reply: ApiKeyResponseDto
	},
	updateApiKey: {
		summary: 'Update the name or permissions of an API key',
		rest: 'PUT /api/api-keys/[id]',
		twin: 'PATCH',
		access: { permission: 'apiKey.update' },
		params: idParams,
		body: ApiKeyUpdateDto,
		reply: ApiKeyResponseDto
	},
	deleteApiKey: {
		summary: 'Delete an API key',
		rest: 'DELETE /api/api-keys/[id]',
		form: defineForm({ at: '/(console)/account/api-keys/[id=uuid]/delete?/default', fields: z.object({}) }),
		access: { permission: 'apiKey.delete' },
		params: idParams,
		status: 204
	},
	rotateApiKey: {
		summary: 'Rotate an API key. The old secret stops working immediately.',
		rest: 'POST /api/api-keys/[id]/rotate',
		form: defineForm({
			at: '/(console)/account/api-keys/[id=uuid]/rotate?/default',
			fields: z.object({}),
			result: ApiKeyCreateResponseDto
		}),
		access: { permission: 'apiKey.rotate' },
		params: idParams,
		reply: ApiKeyCreateResponseDto,
		status: 201
	}
});
