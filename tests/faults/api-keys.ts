import type { Fault } from './fault.ts';

export const apiKeyFaults: readonly Fault[] = [
	{
		title: 'an operation without a named permission is open to every key',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: "access.permission ?? 'all'",
		replace: "access.permission ?? 'none'",
		tests: ['tests/unit/caller/authorize.test.ts']
	},
	{
		title: 'any permission covers every other',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: "held.includes('all') || held.includes(wanted)",
		replace: 'held.length > 0',
		tests: ['tests/unit/caller/authorize.test.ts']
	},
	{
		title: 'an expired key is served from memory',
		file: 'src/lib/server/features/sessions/authenticator.ts',
		find: 'expiresAt !== null && expiresAt.getTime() <= Date.now()',
		replace: 'false',
		tests: ['tests/api/api-keys/api-key-expiry.test.ts']
	},
	{
		title: 'a websocket outlives its key',
		file: 'src/lib/server/features/api-keys/api-key.repository.ts',
		find: '`${identityText} AND api_key."id" = ANY($1::uuid[])`',
		replace:
			'`${identityText} AND api_key."id" = ANY($1::uuid[])`.replace(\'(state."expiresAt" IS NULL OR state."expiresAt" > clock_timestamp())\', "true")',
		tests: ['tests/api/realtime/events.test.ts']
	},
	{
		title: 'a key of a deleted user works',
		file: 'src/lib/server/features/api-keys/api-key.repository.ts',
		find: '`${identityText} AND api_key."key" = $1`',
		replace: '`${identityText} AND api_key."key" = $1`.replace(\'account."deletedAt" IS NULL\', "true")',
		tests: ['tests/api/credentials/tokens.test.ts']
	},
	{
		title: 'a lesser key does what takes every permission',
		file: 'src/lib/server/platform/caller/authorize.ts',
		find: '!hasAll(auth)',
		replace: 'false',
		tests: ['tests/api/credentials/lesser-keys.test.ts']
	},
	{
		title: 'a key outlives the key that made it',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'mayOutlive(auth, expiresAt) ? expiresAt : ownExpiry(auth)',
		replace: 'expiresAt',
		tests: ['tests/api/api-keys/api-key-expiry.test.ts']
	},
	{
		title: 'a key gives another one more time than it has',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: '!mayOutlive(auth, end)',
		replace: 'false',
		tests: ['tests/api/api-keys/api-key-expiry.test.ts']
	},
	{
		title: 'a key changes one that may do more',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: '!mayGrant(auth, [...current.permissions, ...(changes.permissions ?? [])])',
		replace: 'false',
		tests: ['tests/api/api-keys/api-keys.test.ts']
	},
	{
		title: 'a key takes over one that may do more',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: '!mayGrant(auth, current.permissions) || !mayOutlive(auth, current.expiresAt)',
		replace: 'false',
		tests: ['tests/api/api-keys/api-keys.test.ts']
	},
	{
		title: 'a key is given more time than its parent has',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'parent && !isWithin(parent.expiresAt, end)',
		replace: 'false',
		tests: ['tests/api/api-keys/api-key-children.test.ts']
	},
	{
		title: 'keys that a key made keep what it loses',
		file: 'src/lib/server/features/api-keys/api-key.service.ts',
		find: 'await apiKeys.narrowChildren(current.id, changes)',
		replace: 'undefined',
		tests: ['tests/api/api-keys/api-key-children.test.ts']
	},
	{
		title: "other users' keys are read",
		file: 'src/lib/server/features/api-keys/api-key.repository.ts',
		find: `this.#prisma.apiKey.findUnique({
			where: { id, userId },
			relationLoadStrategy: 'join',
			select: columns
		})`,
		replace: "this.#prisma.apiKey.findUnique({ where: { id }, relationLoadStrategy: 'join', select: columns })",
		tests: ['tests/api/api-keys/api-keys.test.ts']
	},
	{
		title: "ending a user's keys ends everyone's",
		file: 'src/lib/server/features/api-keys/api-key.repository.ts',
		find: 'this.#prisma.apiKey.deleteMany({ where: { userId } })',
		replace: 'this.#prisma.apiKey.deleteMany({ where: {} })',
		tests: ['tests/api/api-keys/user-api-keys.test.ts']
	},
	{
		title: 'a lesser key opens a websocket',
		file: 'src/lib/server/features/realtime/connection-owners.ts',
		find: "grants(credential.permissions, 'all')",
		replace: 'true',
		tests: ['tests/api/realtime/handshake.test.ts']
	},
	{
		title: 'a websocket outlives a permission of its key',
		file: 'src/lib/server/features/realtime/connection-owners.ts',
		find: "grants(permissions, 'all')",
		replace: 'true',
		tests: ['tests/api/realtime/events.test.ts']
	},
	{
		title: 'a deleted or rotated key still acts',
		file: 'src/lib/server/features/access/require-live-credential.ts',
		find: '!(await apiKeys.hasSecret(credential.keyId, credential.keyHash))',
		replace: 'false',
		tests: ['tests/api/races/ended-credentials.test.ts']
	},
	{
		title: 'a user ends the rows of others',
		file: 'src/lib/server/features/access/require-access.ts',
		find: '!request.ids.every((id) => allowed.has(id.toLowerCase()))',
		replace: 'false',
		tests: ['tests/api/sessions/sessions.test.ts']
	}
];
