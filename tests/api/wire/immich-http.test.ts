import { beforeAll, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const build = {
	IMMICH_BUILD: '42',
	IMMICH_BUILD_URL: 'https://ci.example.test/42',
	IMMICH_BUILD_IMAGE: 'release',
	IMMICH_BUILD_IMAGE_URL: 'https://image.example.test',
	IMMICH_REPOSITORY: 'somebody/photos',
	IMMICH_REPOSITORY_URL: 'https://example.test/photos',
	IMMICH_SOURCE_REF: 'main',
	IMMICH_SOURCE_COMMIT: 'abc',
	IMMICH_SOURCE_URL: 'https://example.test/photos/abc',
	IMMICH_THIRD_PARTY_SOURCE_URL: 'https://third.example.test',
	IMMICH_THIRD_PARTY_BUG_FEATURE_URL: 'https://third.example.test/bugs',
	IMMICH_THIRD_PARTY_DOCUMENTATION_URL: 'https://third.example.test/docs',
	IMMICH_THIRD_PARTY_SUPPORT_URL: 'https://third.example.test/help'
};
const api = useApi({ env: build });
let token = '';
let adminId = '';
const json = 'application/json; charset=utf-8';

beforeAll(async () => {
	({
		token,
		user: { id: adminId }
	} = await api.accounts.signInAdmin());
});

const get = (path: string, headers: Record<string, string> = {}) => api.request('GET', path, { token, headers });

describe('the content type of JSON', () => {
	it.each([
		['GET', '/api/server/ping'],
		['GET', '/api/admin/users'],
		['GET', '/api/nothing'],
		['GET', '/api/users/nobody'],
		['POST', '/api/auth/validateToken'],
		['POST', '/api/auth/login']
	])('of %s %s names its charset', async (method, path) => {
		expect((await api.request(method, path, { token })).headers['content-type']).toBe(json);
	});
});

describe('paths under /api', () => {
	it.each(['/api/Users/Me', '/API/users/ME', '/api/users/me/', '/api/USERS/me/?x=1'])(
		'%s gets a direct response',
		async (path) => {
			const reply = await get(path);
			expect([reply.status, reply.body]).toMatchObject([200, { id: adminId }]);
		}
	);

	it('POST to another spelling runs the same route with its own rule', async () => {
		expect((await api.request('POST', '/api/auth/VALIDATETOKEN/', { token })).body).toEqual({ authStatus: true });
		const { token: plain } = await api.accounts.signIn();
		for (const path of ['/api/admin/users', '/api/Admin/Users', '/API/ADMIN/USERS/', '/api/aDMIN/users/?a']) {
			expect((await api.request('GET', path, { token: plain })).status).toBe(403);
			expect((await api.request('GET', path)).status).toBe(401);
		}
	});

	it('accept an ID in its own case and a queue by its exact name', async () => {
		expect((await get(`/api/Users/${adminId}/`)).status).toBe(200);
		expect((await get('/api/QUEUES/backgroundTask/')).status).toBe(200);
	});

	it.each(['/API/nothing', '/Api/Nothing/', '/api/users/me//'])('%s returns 404 in JSON', async (path) => {
		const reply = await get(path);
		expect([reply.status, reply.headers['content-type']]).toEqual([404, json]);
	});

	it('refuse another site in any spelling', async () => {
		const headers = { origin: 'http://evil.test' };
		const reply = await api.request('PUT', '/API/Users/Me/', {
			cookie: buildCookie(token),
			headers,
			body: { name: 'Forged' }
		});
		expect(reply.status).toBe(403);
	});
});

describe('bodies', () => {
	const login = (sent: object) => api.request('POST', '/api/auth/login', sent);
	const headers = { 'content-type': 'application/json' };
	const whole = { message: 'Validation failed', errors: [expect.objectContaining({ path: [], code: 'invalid_type' })] };

	it('JSON can start with a byte order mark', async () => {
		const raw = `\uFEFF${JSON.stringify({ name: 'Marked' })}`;
		const reply = await api.request('PUT', '/api/users/me', { token, raw, headers });
		expect([reply.status, reply.body]).toMatchObject([200, { name: 'Marked' }]);
	});

	it('no body is one issue about the whole, an empty object one per field in order', async () => {
		for (const sent of [{}, { headers }, { raw: '{}', headers: { 'content-type': 'application/vnd.api+json' } }])
			expect((await login(sent)).body).toEqual(whole);
		const reply = await login({ body: {} });
		expect(reply.body).toMatchObject({ errors: [{ path: ['email'] }, { path: ['password'] }] });
	});

	it('issues are in Immich’s order', async () => {
		const wrong = {
			isAdmin: 1,
			quotaSizeInBytes: 'x',
			storageLabel: 1,
			pinCode: 1,
			avatarColor: 1,
			shouldChangePassword: 1
		};
		const body = { ...wrong, notify: 1, name: 1, password: 1, email: 1 };
		const listPaths = async (method: string, path: string) => {
			const reply = await api.request(method, path, { token, body });
			return (reply.body as { errors: { path: string[] }[] }).errors.map((issue) => issue.path.join('.'));
		};
		const create =
			'email password name avatarColor pinCode storageLabel quotaSizeInBytes shouldChangePassword notify isAdmin';
		expect(await listPaths('POST', '/api/admin/users')).toEqual(create.split(' '));
		const update = 'email password pinCode name avatarColor storageLabel shouldChangePassword quotaSizeInBytes isAdmin';
		expect(await listPaths('PUT', `/api/admin/users/${adminId}`)).toEqual(update.split(' '));
		expect(await listPaths('PUT', '/api/users/me')).toEqual('email password name avatarColor'.split(' '));
	});
});

describe('query values', () => {
	it('a list can be sent once or repeatedly', async () => {
		for (const query of ['', '?status=active', '?status=active&status=failed'])
			expect((await get(`/api/queues/backgroundTask/jobs${query}`)).status).toBe(200);
		expect((await get('/api/queues/backgroundTask/jobs?status=active&status=nothing')).status).toBe(400);
	});

	it('any other value is sent once', async () => {
		expect((await get('/api/admin/users?withDeleted=true')).status).toBe(200);
		const reply = await get('/api/admin/users?withDeleted=true&withDeleted=true');
		expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
	});
});

describe('Immich’s responses', () => {
	it('GET /admin/database-backups returns none to admins', async () => {
		const reply = await get('/api/admin/database-backups');
		expect([reply.status, reply.body]).toEqual([200, { backups: [] }]);
		const { token: plain } = await api.accounts.signIn();
		expect((await api.request('GET', '/api/admin/database-backups', { token: plain })).status).toBe(403);
	});

	it('GET /server/about names the build', async () => {
		const named = Object.entries(build).map(([name, value]) => [
			name
				.replace(/^IMMICH_/, '')
				.toLowerCase()
				.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
			value
		]);
		expect((await get('/api/server/about')).body).toMatchObject(Object.fromEntries(named) as object);
	});

	it('PUT /admin/auth-config with an unknown key returns 400 naming it and stores nothing', async () => {
		const { body } = await get('/api/admin/auth-config');
		const config = body as { passwords: object };
		for (const [sent, path] of [
			[{ ...config, unknown: 1 }, []],
			[{ ...config, passwords: { ...config.passwords, unknown: 1 } }, ['passwords']]
		] as const) {
			const reply = await api.request('PUT', '/api/admin/auth-config', { token, body: sent });
			const issue = { code: 'unrecognized_keys', keys: ['unknown'], path, message: 'Unrecognized key: "unknown"' };
			expect([reply.status, reply.body]).toEqual([400, { message: 'Validation failed', errors: [issue] }]);
		}
		expect((await api.request('PUT', '/api/admin/auth-config', { token, body: config })).status).toBe(200);
	});

	it('GET /system-config/storage-template-options returns 21 presets', async () => {
		const { presetOptions } = (await get('/api/system-config/storage-template-options')).body as {
			presetOptions: string[];
		};
		expect(presetOptions).toHaveLength(21);
		expect(presetOptions[0]).toBe('{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}');
		expect(presetOptions.at(-1)).toBe('{{make}}/{{model}}/{{lensModel}}/{{filename}}');
	});

	it('DELETE /notifications/{id} twice returns 204, and 400 for another user’s', async () => {
		const body = { userId: adminId, title: 'Hello' };
		const made = await api.request('POST', '/api/admin/notifications', { token, body });
		const path = `/api/notifications/${(made.body as { id: string }).id}`;
		const { token: other } = await api.accounts.signIn();
		expect((await api.request('DELETE', path, { token: other })).body).toEqual(
			message('Not found or no notification.delete access')
		);
		for (let round = 0; round < 2; round++) expect((await api.request('DELETE', path, { token })).status).toBe(204);
		expect((await get(path)).status).toBe(400);
	});
});
