import { SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { operations } from '#lib/contract/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { restOperations } from '#tests/support/operations.ts';
import { anyIso, message } from '#tests/support/shapes.ts';
import { testVault } from '#tests/support/vault.ts';

const api = useApi();
const mode = '/api/admin/maintenance';
const plan = `${mode}/plan`;

const Mode = z.object({
	isMaintenanceMode: z.boolean(),
	secret: z.string().optional(),
	action: z.unknown().optional()
});
const storedMode = async () => {
	const row = await api.prisma.systemMetadata.findUnique({ where: { key: 'maintenance-mode' } });
	return Mode.parse(row?.value ?? { isMaintenanceMode: false });
};
const secretNow = async () => testVault.open('maintenance secret', (await storedMode()).secret ?? '') ?? '';
const cookieFrom = (cookies: readonly string[]) =>
	cookies.find((cookie) => cookie.startsWith('immich_maintenance_token='))?.split(';')[0] ?? '';
const tokenFrom = (cookies: readonly string[]) => cookieFrom(cookies).replace('immich_maintenance_token=', '');

/** Starts maintenance as an admin and returns the token. */
async function begin(): Promise<{ token: string; session: string }> {
	const { token: session } = await api.accounts.signInAdmin({ name: 'Ada' });
	const reply = await api.request('POST', mode, { token: session, body: { action: 'start' } });
	expect([reply.status, reply.text]).toEqual([201, '']);
	return { token: tokenFrom(reply.cookies), session };
}

const sign = (secret: string | Uint8Array, claims: Record<string, unknown>, expiresIn = '4h', alg = 'HS256') =>
	new SignJWT(claims)
		.setProtectedHeader({ alg })
		.setIssuedAt()
		.setExpirationTime(expiresIn)
		.sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret);

afterEach(async () => {
	await api.prisma.systemMetadata.deleteMany({ where: { key: 'maintenance-mode' } });
	await api.prisma.setting.deleteMany({ where: { key: 'maintenance' } });
	await expect.poll(async () => (await api.request('GET', '/api/server/media-types')).status).toBe(200);
});

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
		expect((await storedMode()).isMaintenanceMode).toBe(false);
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
		expect(await secretNow()).toMatch(/^[\da-f]{128}$/);
		expect(await storedMode()).toEqual({
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
		const { token, session } = await begin();
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
		await begin();
		const read = async (path: string) => {
			const { status, body } = await api.request('GET', path);
			return [status, body];
		};
		expect(await read('/api/server/ping')).toEqual([200, { res: 'pong' }]);
		expect((await read('/api/server/version'))[0]).toBe(200);
		expect(await read('/api/server/config')).toEqual([200, { maintenanceMode: true }]);
		expect(await read(`${mode}/status`)).toEqual([200, { active: true, action: 'start' }]);
		expect(await read('/.well-known/immich')).toEqual([200, { api: { endpoint: '/api' } }]);
	});

	const guarded = Object.values(operations).flatMap((row) =>
		'maintenance' in row && !('public' in row.access) ? [row.rest] : []
	);

	it.each(guarded)(
		'%s: returns 401 without a token, with a session, a key, and every kind of invalid token',
		async (entrance) => {
			const [method = '', path = ''] = entrance.split(' ');
			const { session, token: earlier } = await begin();
			await api.request('POST', mode, { token: earlier, body: { action: 'end' } });
			const { token } = await begin();
			const secret = await secretNow();
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
			expect((await storedMode()).isMaintenanceMode).toBe(true);
		}
	);

	it.each(['bearer', 'immich_maintenance_token', 'immich_access_token'])('accepts the token as %s', async (place) => {
		const { token } = await begin();
		const sent = place === 'bearer' ? { token } : { cookie: `${place}=${token}` };
		expect((await api.request('GET', `${mode}/detect-install`, sent)).status).toBe(200);
		const start = await api.request('POST', mode, { ...sent, body: { action: 'start' } });
		expect([start.status, start.cookies]).toEqual([201, []]);
		expect((await api.request('POST', mode, { ...sent, body: { action: 'end' } })).status).toBe(201);
		expect((await api.request('GET', '/api/server/media-types')).status).toBe(200);
	});

	it('rejects a cookie sent by another site', async () => {
		const { token } = await begin();
		const headers = { origin: 'https://evil.example' };
		const cookie = `immich_maintenance_token=${token}`;
		const reply = await api.request('POST', mode, { cookie, headers, body: { action: 'end' } });
		expect([reply.status, reply.body]).toEqual([403, message('Cross-site request refused')]);
	});

	it('login returns 201 for a token in body or cookie, 401 otherwise', async () => {
		const { token } = await begin();
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
		const { token } = await begin();
		await api.request('POST', mode, { token, body: { action: 'end' } });
		expect((await api.request('GET', '/api/users/me', { token: person })).body).toMatchObject({ id: user.id });
	});

	it('logs no secret and no token', async () => {
		const { token } = await begin();
		const printed = api.lines.join('\n');
		expect(printed).not.toContain(token);
		expect(printed).not.toContain(await secretNow());
	});
});

describe('announced maintenance', () => {
	const notice = async (token: string) => (await api.request('GET', '/api/maintenance-notice', { token })).body;

	it('is shown to all signed-in users until it is withdrawn', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token } = await api.accounts.signIn();
		const body = { message: 'New disks', startsInMinutes: 30, expectedMinutes: 60, endsAfterMinutes: 120 };
		const reply = await api.request('PUT', plan, { token: admin, body });
		const view = { state: 'announced', message: 'New disks', startsAt: anyIso, expectedEndAt: anyIso, endsAt: anyIso };
		expect([reply.status, reply.body]).toEqual([200, view]);
		expect(await notice(token)).toEqual({ startsAt: anyIso, expectedEndAt: anyIso, message: 'New disks' });
		expect(await openPage(api, '/account/profile', token)).toContain('New disks');
		expect((await api.request('DELETE', plan, { token: admin })).status).toBe(204);
		expect(await notice(token)).toEqual({ startsAt: null, expectedEndAt: null, message: '' });
	});

	it('starts automatically and can be ended with the token issued for it', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { cookies } = await api.request('PUT', plan, { token: admin, body: { startsInMinutes: 30 } });
		await api.pool.query(
			`UPDATE immich_auth.setting SET "value" = jsonb_set("value", '{startsAtMs}', to_jsonb($1::bigint)) WHERE "key" = 'maintenance'`,
			[Date.now() + 300]
		);
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token: admin })).status).toBe(503);
		await expect.poll(async () => (await storedMode()).isMaintenanceMode).toBe(true);
		const cookie = cookieFrom(cookies);
		expect((await api.request('POST', mode, { cookie, body: { action: 'end' } })).status).toBe(201);
		expect((await api.request('GET', '/api/users/me', { token: admin })).status).toBe(200);
	});
});

describe('the automatic end', () => {
	const endsAtMs = (ms: number) =>
		api.pool.query(
			`UPDATE immich_auth.setting SET "value" = jsonb_set("value", '{endsAtMs}', to_jsonb($1::bigint)) WHERE "key" = 'maintenance'`,
			[ms]
		);

	it('comes at its time, in memory and in the database', async () => {
		const { token } = await api.accounts.signInAdmin();
		const body = { startsInMinutes: 0, endsAfterMinutes: 60, message: 'Back soon' };
		expect((await api.request('PUT', plan, { token, body })).body).toMatchObject({ state: 'on', startsAt: null });
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(503);
		await endsAtMs(Date.now() + 300);
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		await expect.poll(async () => (await storedMode()).isMaintenanceMode).toBe(false);
	});

	it('is postponed when maintenance is kept on', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const begun = await api.request('PUT', plan, { token: admin, body: { startsInMinutes: 0, endsAfterMinutes: 1 } });
		const token = tokenFrom(begun.cookies);
		const reply = await api.request('POST', `${mode}/keep`, { token, body: { minutes: 30 } });
		const { endsAt } = z.object({ endsAt: z.iso.datetime() }).parse(reply.body);
		expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(29 * 60_000);
		expect((await api.request('POST', `${mode}/keep`, { token, body: { minutes: 'x' } })).status).toBe(400);
		const changed = await api.request('PUT', plan, { token, body: { message: 'Takes longer' } });
		expect(changed.body).toMatchObject({ state: 'on', message: 'Takes longer', endsAt: null });
	});

	it('of an earlier period does not apply to one started by another program', async () => {
		await api.prisma.setting.create({
			data: { key: 'maintenance', value: { secret: 'old', message: 'Old', endsAtMs: Date.now() - 1_000 } }
		});
		await api.prisma.systemMetadata.create({
			data: { key: 'maintenance-mode', value: { isMaintenanceMode: true, secret: 'f'.repeat(128) } }
		});
		await expect.poll(async () => (await api.request('GET', '/api/server/media-types')).status).toBe(503);
		const token = await sign('f'.repeat(128), { username: 'cli-admin' });
		expect((await api.request('GET', plan, { token })).body).toMatchObject({ state: 'on', message: '', endsAt: null });
	});
});

describe('pages', () => {
	const html = { accept: 'text/html' };

	it('redirect to the maintenance page, which redirects back', async () => {
		const { token } = await begin();
		for (const path of ['/', '/admin/users?q=a', '/auth/login', '/nowhere']) {
			const { status, headers } = await api.request('GET', path, { headers: html });
			const way = path === '/' ? '/maintenance' : `/maintenance?continue=${encodeURIComponent(path)}`;
			expect([status, headers.location]).toEqual([303, way]);
		}
		const shown = await api.request('GET', '/maintenance?continue=%2Faccount%2Fprofile', { headers: html });
		expect([shown.status, shown.text.includes('End maintenance')]).toEqual([200, false]);
		await api.request('POST', mode, { token, body: { action: 'end' } });
		const after = await api.request('GET', '/maintenance?continue=%2Faccount%2Fprofile', { headers: html });
		expect([after.status, after.headers.location]).toEqual([303, '/account/profile']);
		const away = await api.request('GET', '/maintenance?continue=%2F%2Fevil.example', { headers: html });
		expect(away.headers.location).toBe('/');
	});

	it('reject a form sent during maintenance with 503 and write nothing', async () => {
		const { user, token: person } = await api.accounts.signIn({ name: 'Before' });
		await begin();
		const reply = await api.submit('/account/profile?/save', { name: 'After' }, buildCookie(person));
		expect(reply.status).toBe(503);
		expect((await api.accounts.findUser(user.id)).name).toBe('Before');
	});

	it('start it with a form that requires confirmation and shows how many users are signed in, and end it with a form', async () => {
		const { token } = await api.accounts.signInAdmin();
		const page = '/admin/maintenance';
		expect(await openPage(api, page, token)).toMatch(/I know that \d+ (person|people)/);
		const by = { field: 'startsIn' };
		expect((await fillIn(api, page, token, { by })).status).toBe(400);
		expect((await storedMode()).isMaintenanceMode).toBe(false);
		const changes = { isConfirmed: 'on', message: '<b>New</b> disks' };
		const begun = await fillIn(api, page, token, { by, changes });
		expect(begun.status).toBe(303);
		const cookie = cookieFrom(begun.cookies);
		const shown = await api.request('GET', '/maintenance', { cookie, headers: html });
		expect(shown.text).toContain('&lt;b>New&lt;/b> disks');
		expect(shown.text).toContain('End maintenance');
		expect((await api.submit('/maintenance?/end', {}, buildCookie(token))).status).toBe(303);
		expect((await storedMode()).isMaintenanceMode).toBe(true);
		const kept = await api.submit('/maintenance?/keep', { keep: '30' }, cookie);
		expect(kept.status).toBe(303);
		const ended = await api.submit('/maintenance?/end', {}, cookie);
		expect([ended.status, ended.headers.location]).toEqual([303, '/']);
		expect((await storedMode()).isMaintenanceMode).toBe(false);
	});

	it('sign in with a token', async () => {
		const { token } = await begin();
		expect((await api.submit('/maintenance?/login', { secretToken: 'wrong' })).status).toBe(401);
		const { status, cookies } = await api.submit('/maintenance?/login', { secretToken: token });
		expect([status, tokenFrom(cookies)]).toEqual([303, token]);
	});

	it('for admins are closed to other users', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', '/admin/maintenance', { cookie: buildCookie(token), headers: html });
		expect(reply.status).toBe(403);
		const posted = await api.submit(
			'/admin/maintenance?/plan',
			{ startsIn: '0', isConfirmed: 'on' },
			buildCookie(token)
		);
		expect(posted.status).toBe(403);
		expect((await storedMode()).isMaintenanceMode).toBe(false);
	});
});
