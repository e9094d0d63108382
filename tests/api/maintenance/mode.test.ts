import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '#lib/contract/index.ts';
import { useApi } from '#tests/support/api.ts';
import { mode, plan, sign, tokenFrom, useMaintenance } from '#tests/support/maintenance.ts';
import { restOperations } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const maintenance = useMaintenance(api);

describe('outside maintenance', () => {
	it("status, login and end respond like Immich's", async () => {
		const { token } = await api.accounts.signInAdmin();
		const status = await api.request('GET', `${mode}/status`);
		expect([status.status, status.body]).toEqual([200, { active: false, action: 'end' }]);
		for (const body of [{}, { token: 'x' }, undefined]) {
			const login = await api.request('POST', `${mode}/login`, { body });
			expect([login.status, login.body]).toEqual([400, message('Not in maintenance mode')]);
		}
		const end = await api.request('POST', mode, { token, body: { action: 'end' } });
		expect([end.status, end.text]).toEqual([201, '']);
	});

	it.each([
		[{}, 400],
		[{ action: 'stop' }, 400],
		[{ action: 5 }, 400],
		[{ action: 'restore_database' }, 400],
		[{ action: 'restore_database', restoreBackupFilename: '' }, 400],
		[{ action: 'restore_database', restoreBackupFilename: 'a.sql.gz' }, 400]
	])('POST /admin/maintenance %j: returns %i and changes nothing', async (body, status) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('POST', mode, { token, body });
		expect(reply.status).toBe(status);
		expect((await maintenance.stored()).isMaintenanceMode).toBe(false);
	});

	it.each([
		{ message: 5 },
		{ message: 'x'.repeat(1_001) },
		{ startsInMinutes: -1 },
		{ startsInMinutes: 1.5 },
		{ expectedMinutes: 0 },
		{ endsAfterMinutes: '60' },
		{},
		{ message: 'When?' }
	])('PUT plan %j: returns 400', async (body) => {
		const { token } = await api.accounts.signInAdmin();
		expect((await api.request('PUT', plan, { token, body })).status).toBe(400);
	});

	it('keep returns 400, and detect-install returns every folder', async () => {
		const { token } = await api.accounts.signInAdmin();
		const kept = await api.request('POST', `${mode}/keep`, { token, body: { minutes: 5 } });
		expect([kept.status, kept.body]).toEqual([400, message('Not in maintenance mode')]);
		const Found = z.object({ storage: z.array(z.object({ folder: z.string(), files: z.number() })) });
		const found = Found.parse((await api.request('GET', `${mode}/detect-install`, { token })).body);
		expect(found.storage.map(({ folder }) => folder)).toEqual([
			'encoded-video',
			'library',
			'upload',
			'profile',
			'thumbs',
			'backups'
		]);
	});
});

describe('POST /admin/maintenance', () => {
	it("returns 201 with the token in a cookie: HS256, four hours, the admin's name", async () => {
		const { token: session } = await api.accounts.signInAdmin({ name: 'Ada' });
		const { cookies } = await api.request('POST', mode, { token: session, body: { action: 'start' } });
		const cookie = cookies.find((text) => text.startsWith('immich_maintenance_token=')) ?? '';
		expect(cookie).toMatch(/; Max-Age=(14400|1439\d); Path=\/; HttpOnly; SameSite=Lax$/);
		const [head = '', payload = ''] = tokenFrom(cookies).split('.');
		const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
		expect(decode(head)).toMatchObject({ alg: 'HS256' });
		const claims = z.strictObject({ username: z.string(), iat: z.number(), exp: z.number() }).parse(decode(payload));
		expect([claims.username, claims.exp - claims.iat]).toEqual(['Ada', 14_400]);
		expect(await maintenance.secret()).toMatch(/^[\da-f]{128}$/);
		expect(await maintenance.stored()).toEqual({
			isMaintenanceMode: true,
			secret: expect.any(String) as unknown,
			action: { action: 'start' }
		});
	});

	it('stores the requested action', async () => {
		const { token } = await api.accounts.signInAdmin();
		await api.request('POST', mode, { token, body: { action: 'select_database_restore' } });
		const status = await api.request('GET', `${mode}/status`);
		expect(status.body).toEqual({ active: true, action: 'select_database_restore' });
	});
});

describe('during maintenance', () => {
	it('every other route returns 503 for every caller, and never 401', async () => {
		const { token, session } = await maintenance.begin();
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin()).id);
		const closed = restOperations.filter(({ operation }) => operation.maintenance !== true);
		expect(closed.length).toBeGreaterThan(60);
		const cookie = `immich_maintenance_token=${token}`;
		const others = [
			...closed.map(({ method, path }) => [method, path] as const),
			['GET', '/api/nope'] as const,
			['GET', '/api'] as const
		];
		for (const [method, path] of others)
			for (const sent of [{}, { token: session }, { apiKey }, { cookie }, { token: 'bad' }]) {
				const reply = await api.request(method, path, { ...sent, ...(method !== 'GET' && { body: {} }) });
				expect([method, path, reply.status, reply.body]).toEqual([
					method,
					path,
					503,
					message('Server is in maintenance mode')
				]);
				expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
			}
	});

	it('ping, version, config and status respond without a credential', async () => {
		await maintenance.begin();
		const read = async (path: string) => {
			const { status, body } = await api.request('GET', path);
			return [status, body];
		};
		expect(await read('/api/server/ping')).toEqual([200, { res: 'pong' }]);
		expect((await read('/api/server/version'))[0]).toBe(200);
		expect(await read('/api/server/config')).toEqual([200, { maintenanceMode: true }]);
		expect(await read(`${mode}/status`)).toEqual([200, { active: true, action: 'start' }]);
		expect(await read('/.well-known/immich')).toMatchObject([200, { api: { endpoint: '/api' } }]);
	});

	const guarded = Object.values(operations).flatMap((row) =>
		'maintenance' in row && !('public' in row.access) ? [row.rest] : []
	);

	it.each(guarded)(
		'%s: returns 401 without a token, with a session, a key, and every kind of invalid token',
		async (entrance) => {
			const [method = '', path = ''] = entrance.split(' ');
			const { session, token: earlier } = await maintenance.begin();
			await api.request('POST', mode, { token: earlier, body: { action: 'end' } });
			const { token } = await maintenance.begin();
			const secret = await maintenance.secret();
			const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin()).id);
			const missing = [{}, { apiKey }, { cookie: 'a=b' }];
			const bad = [
				session,
				earlier,
				await sign(secret, { username: 'Ada' }, '-1s'),
				await sign(api.accounts.signingSecret, { username: 'Ada' }),
				await sign(Buffer.from(secret, 'hex'), { username: 'Ada' }),
				await sign(secret, { username: 'Ada' }, '4h', 'HS512'),
				await sign(secret, {}),
				`${token.slice(0, -2)}xx`,
				'nonsense'
			];
			const body = method === 'GET' ? {} : { body: { action: 'end', minutes: 5 } };
			for (const sent of missing) {
				const reply = await api.request(method, path, { ...sent, ...body });
				expect([reply.status, reply.body]).toEqual([401, message('Missing JWT Token')]);
			}
			for (const text of bad)
				for (const sent of [
					{ token: text },
					{ cookie: `immich_maintenance_token=${text}` },
					{ cookie: `immich_access_token=${text}` }
				]) {
					const reply = await api.request(method, path, { ...sent, ...body });
					expect([reply.status, reply.body]).toEqual([401, message('Invalid JWT Token')]);
				}
			expect((await maintenance.stored()).isMaintenanceMode).toBe(true);
		}
	);

	it.each(['bearer', 'immich_maintenance_token', 'immich_access_token'])('accepts the token as %s', async (place) => {
		const { token } = await maintenance.begin();
		const sent = place === 'bearer' ? { token } : { cookie: `${place}=${token}` };
		expect((await api.request('GET', `${mode}/detect-install`, sent)).status).toBe(200);
		const start = await api.request('POST', mode, { ...sent, body: { action: 'start' } });
		expect([start.status, start.cookies]).toEqual([201, []]);
		expect((await api.request('POST', mode, { ...sent, body: { action: 'end' } })).status).toBe(201);
		expect((await api.request('GET', '/api/server/media-types')).status).toBe(200);
	});

	it('rejects a cookie sent by another site', async () => {
		const { token } = await maintenance.begin();
		const headers = { origin: 'https://evil.example' };
		const cookie = `immich_maintenance_token=${token}`;
		const reply = await api.request('POST', mode, { cookie, headers, body: { action: 'end' } });
		expect([reply.status, reply.body]).toEqual([403, message('Cross-site request refused')]);
	});

	it('login returns 201 for a token in body or cookie, 401 otherwise', async () => {
		const { token } = await maintenance.begin();
		const claims = { username: 'Ada', iat: expect.any(Number) as unknown, exp: expect.any(Number) as unknown };
		for (const sent of [{ body: { token } }, { cookie: `immich_maintenance_token=${token}` }]) {
			const reply = await api.request('POST', `${mode}/login`, sent);
			expect([reply.status, reply.body]).toEqual([201, claims]);
			expect(tokenFrom(reply.cookies)).toBe(token);
		}
		const without = await api.request('POST', `${mode}/login`, { body: {} });
		expect([without.status, without.body]).toEqual([401, message('Missing JWT Token')]);
		const wrong = await api.request('POST', `${mode}/login`, { body: { token: 'x' } });
		expect([wrong.status, wrong.body]).toEqual([401, message('Invalid JWT Token')]);
		expect((await api.request('POST', `${mode}/login`, { body: { token: 5 } })).status).toBe(400);
	});

	it('keeps users signed in and sessions valid', async () => {
		const { user, token: person } = await api.accounts.signIn();
		const { token } = await maintenance.begin();
		await api.request('POST', mode, { token, body: { action: 'end' } });
		expect((await api.request('GET', '/api/users/me', { token: person })).body).toMatchObject({ id: user.id });
	});

	it('logs no secret and no token', async () => {
		const { token } = await maintenance.begin();
		const printed = api.lines.join('\n');
		expect(printed).not.toContain(token);
		expect(printed).not.toContain(await maintenance.secret());
	});
});
