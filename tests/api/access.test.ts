import { describe, expect, it } from 'vitest';
import { permissions } from '#lib/contract/permissions/permission.ts';
import { useApi } from '#tests/support/api.ts';
import { guardedOperations, restOperations } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const adminRows = guardedOperations.filter(({ access }) => access.admin);
const scopedRows = guardedOperations.filter(({ access }) => access.permission !== 'none');
const wantedBy = (permission: (typeof scopedRows)[number]['access']['permission']) =>
	permission === undefined || permission === 'none' ? 'all' : permission;

describe('every non-public operation', () => {
	it.each(guardedOperations)(
		'$method $path: returns 401 without a credential, before validating the body',
		async ({ method, path }) => {
			const reply = await api.request(method, path, { ...(method !== 'GET' && { body: 5 }) });
			expect([reply.status, reply.body]).toEqual([401, message('Authentication required')]);
		}
	);

	it.each(guardedOperations)(
		'$method $path: returns 401 for an invalid token and an invalid key',
		async ({ method, path }) => {
			const byToken = await api.request(method, path, { token: 'bad' });
			expect([byToken.status, byToken.body]).toEqual([401, message('Invalid user token')]);
			const byKey = await api.request(method, path, { apiKey: 'bad' });
			expect([byKey.status, byKey.body]).toEqual([401, message('Invalid API key')]);
		}
	);
});

describe('every admin operation', () => {
	it.each(adminRows)(
		'$method $path: returns 403 Forbidden for other users, by session and by key',
		async ({ method, path }) => {
			const { user, token } = await api.accounts.signIn();
			const apiKey = await api.accounts.makeApiKey(user.id, ['all']);
			for (const credential of [{ token }, { apiKey }]) {
				const reply = await api.request(method, path, { ...credential, ...(method !== 'GET' && { body: 5 }) });
				expect([reply.status, reply.body]).toEqual([403, message('Forbidden')]);
			}
		}
	);

	it('is under /admin or about the system, and nothing else is there', () => {
		// Immich's clients request these two before sign-in.
		const isOpen = (path: string) => /^\/api\/admin\/maintenance\/(login|status)$/.test(path);
		const isAdmins = /^\/api\/((admin|system-(metadata|config)|queues|jobs)(\/|$)|server\/(statistics|license)$)/;
		for (const { operation, path } of restOperations.filter((rest) => !isOpen(rest.path)))
			expect('admin' in operation.access, path).toBe(isAdmins.test(path));
	});
});

describe('every operation that requires a permission', () => {
	it.each(scopedRows)(
		'$method $path: returns 403 for a key with every other permission',
		async ({ method, path, access }) => {
			const wanted = wantedBy(access.permission);
			const admin = await api.accounts.makeAdmin();
			const others = permissions.filter((permission) => permission !== wanted && permission !== 'all');
			const apiKey = await api.accounts.makeApiKey(admin.id, others);
			const reply = await api.request(method, path, { apiKey, ...(method !== 'GET' && { body: 5 }) });
			expect([reply.status, reply.body]).toEqual([403, message(`Missing required permission: ${wanted}`)]);
		}
	);

	it.each(scopedRows)(
		'$method $path: accepts a key with only that permission, or all',
		async ({ method, path, access }) => {
			const admin = await api.accounts.makeAdmin();
			for (const permission of [wantedBy(access.permission), 'all'] as const) {
				const apiKey = await api.accounts.makeApiKey(admin.id, [permission]);
				const reply = await api.request(method, path, { apiKey, ...(method !== 'GET' && { body: 5 }) });
				// Past the hook, the schema rejects a body of 5, or the service the unknown ID; only a visitor has a link.
				const refusals = access.sharedLink === 'withoutPassword' ? [400, 403, 404] : [400, 404];
				expect([200, 201, 204, ...refusals]).toContain(reply.status);
				expect(reply.body).not.toEqual(message(`Cannot ${method} ${path}`));
			}
		}
	);
});

describe('anything outside the contract', () => {
	const unnamed = [
		['GET', '/api/nope'],
		['GET', '/api'],
		['GET', '/api/'],
		['POST', '/api/users/me'],
		['PATCH', '/api/auth/login'],
		['GET', '/api/auth/login'],
		['DELETE', '/api/server/ping'],
		['OPTIONS', '/api/users/me'],
		['PUT', '/api/admin/users'],
		['PATCH', '/api/users/me/onboarding'],
		['GET', '/.well-known/nope'],
		['GET', '/api/admin/users/x/y/z'],
		['PROPFIND', '/api/users/me']
	];

	it.each(unnamed)('%s %s: returns 404 Cannot %s %s', async (method, path) => {
		const reply = await api.request(method, path);
		expect([reply.status, reply.body]).toEqual([404, message(`Cannot ${method} ${path}`)]);
	});

	it('returns 404 to an admin too, without the query', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', '/api/nope?apiKey=secret', { token });
		expect([reply.status, reply.body]).toEqual([404, message('Cannot GET /api/nope')]);
	});
});
