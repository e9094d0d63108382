import { beforeEach, describe, expect, it } from 'vitest';
import { deviceCodeGrant, DeviceCodeResponseDto } from '#lib/contract/device-authorization/device-authorization.ts';
import { useApi } from '#tests/support/api.ts';
import { answer, approve, clientName, Program } from '#tests/support/device.ts';
import { anyUuid, message } from '#tests/support/shapes.ts';

const api = useApi();
const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const codePath = '/api/auth/device/code';
const tokenPath = '/api/auth/device/token';
const elsewhere = '203.0.113.7';
beforeEach(() => api.reset());

/** Moves the last poll into the past, as if the program had waited. */
const wait = () =>
	api.pool.query(`UPDATE immich_auth.device_authorization SET "lastPolledAt" = now() - interval '1 hour'`);
const expire = () =>
	api.pool.query(`UPDATE immich_auth.device_authorization SET "expiresAt" = now() - interval '1 second'`);
const start = (headers: Record<string, string> = {}) => Program.start(api.request, headers);

describe('POST /auth/device/code', () => {
	it.each([
		['form', { form: { client_id: clientName } }],
		['JSON', { body: { client_id: clientName } }]
	])('returns 200 with the codes for a %s', async (_, sent) => {
		const reply = await api.request('POST', codePath, { ...sent, headers: { host: 'photos.example.test' } });
		expect(reply.status).toBe(200);
		expect(reply.headers['cache-control']).toMatch(/no-store/);
		const { user_code: userCode } = DeviceCodeResponseDto.parse(reply.body);
		expect(reply.body).toEqual({
			device_code: matching(/^[\w-]{43}$/),
			user_code: matching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
			verification_uri: 'http://photos.example.test/device',
			verification_uri_complete: `http://photos.example.test/device?code=${userCode}`,
			expires_in: 600,
			interval: 5
		});
	});

	it('stores neither code', async () => {
		const { deviceCode, userCode } = await start();
		const { rows } = await api.pool.query<{ row: string }>(
			`SELECT row::text AS row FROM immich_auth.device_authorization AS row`
		);
		expect(rows).toHaveLength(1);
		const [{ row } = { row: '' }] = rows;
		for (const secret of [deviceCode, userCode, userCode.replace('-', '')]) {
			expect(row).not.toContain(secret);
			expect(row).not.toContain(Buffer.from(secret).toString('hex'));
		}
	});

	it.each([
		['no name', {}],
		['an empty name', { client_id: '' }],
		['a name of spaces', { client_id: '  ' }],
		['a long name', { client_id: 'x'.repeat(51) }],
		['a line break', { client_id: 'a\nb' }],
		['letters that look like others', { client_id: 'immіch' }],
		['a number', { client_id: 5 }],
		['a list', { client_id: ['a'] }]
	])('returns 400 invalid_request for %s', async (_, body) => {
		const reply = await api.request('POST', codePath, { body });
		expect([reply.status, reply.body]).toEqual([400, { error: 'invalid_request' }]);
		expect(await api.prisma.deviceAuthorization.count()).toBe(0);
	});

	it.each([
		['broken JSON', { raw: '{', headers: { 'content-type': 'application/json' } }],
		['no body', {}],
		['another type', { raw: '<a/>', headers: { 'content-type': 'text/xml' } }]
	])('returns 400 invalid_request for %s', async (_, sent) => {
		const reply = await api.request('POST', codePath, sent);
		expect([reply.status, reply.body]).toEqual([400, { error: 'invalid_request' }]);
	});

	it('returns 429 with Retry-After to a public network from the 31st in ten minutes, but not to others', async () => {
		const key = `device-code:${elsewhere}`;
		await api.prisma.rateLimit.create({ data: { key, points: 29, expire: BigInt(Date.now() + 600_000) } });
		const from = (address: string) =>
			api.request('POST', codePath, { form: { client_id: clientName }, headers: { 'x-forwarded-for': address } });
		expect((await from(elsewhere)).status).toBe(200);
		const reply = await from(elsewhere);
		expect([reply.status, reply.body]).toEqual([429, message('Too many sign-in requests. Please try again later.')]);
		expect(Number(reply.headers['retry-after'])).toBeGreaterThan(500);
		expect((await from('198.51.100.9')).status).toBe(200);
		expect(await api.prisma.deviceAuthorization.count()).toBe(2);
	});

	it('counts the larger blocks of an IPv6 network', async () => {
		const key = 'device-code:2001:db8:1::/48';
		await api.prisma.rateLimit.create({ data: { key, points: 30, expire: BigInt(Date.now() + 600_000) } });
		const headers = { 'x-forwarded-for': '2001:db8:1:2::3' };
		expect((await api.request('POST', codePath, { form: { client_id: clientName }, headers })).status).toBe(429);
	});

	it('returns 429 while a thousand are waiting, and removes those that expired an hour ago', async () => {
		const fill = (count: number, age: string) =>
			api.pool.query(
				`INSERT INTO immich_auth.device_authorization
					("deviceCodeHash", "userCodeHash", "clientName", "expiresAt", "intervalSeconds")
				SELECT sha256($2::text::bytea || n::text::bytea), sha256(n::text::bytea || $2::text::bytea), 'x',
					now() + $2::interval, 5 FROM generate_series(1, $1::int) AS n`,
				[count, age]
			);
		await fill(1_000, '-61 minutes');
		await fill(999, '5 minutes');
		await fill(10, '-5 minutes');
		await start();
		expect(await api.prisma.deviceAuthorization.count()).toBe(1_010);
		const reply = await api.request('POST', codePath, { form: { client_id: clientName } });
		expect([reply.status, reply.headers['retry-after']]).toEqual([429, '60']);
		await expire();
		await start();
	});
});

describe('POST /auth/device/token', () => {
	it('returns 400 authorization_pending until the user approves, then 200 with a working token, once', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
		expect((await answer(api, token, 'find', program.userCode)).status).toBe(200);
		await wait();
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
		await approve(api, token, program);
		const reply = await program.poll();
		expect(reply.status).toBe(200);
		expect(reply.headers['cache-control']).toMatch(/no-store/);
		expect(reply.cookies).toEqual([]);
		expect(reply.body).toEqual({
			access_token: matching(/^eyJ/),
			token_type: 'Bearer',
			userId: user.id,
			userEmail: user.email
		});
		const { access_token: accessToken } = reply.body as { access_token: string };
		const me = await api.request('GET', '/api/users/me', { token: accessToken });
		expect(me.body).toMatchObject({ id: user.id });
		expect(await program.refusal()).toEqual({ error: 'invalid_grant' });
		expect(await api.accounts.countSessions(user.id)).toBe(2);
	});

	it('accepts JSON', async () => {
		const { token } = await api.accounts.signIn();
		const { deviceCode, userCode } = await start();
		await answer(api, token, 'approve', userCode.toLowerCase().replace('-', ' '));
		const body = { grant_type: deviceCodeGrant, device_code: deviceCode, client_id: clientName };
		expect((await api.request('POST', tokenPath, { body })).status).toBe(200);
	});

	it('returns 400 access_denied after a denial', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		const reply = await answer(api, token, 'deny', program.userCode);
		expect(reply.status).toBe(200);
		expect(reply.text).toContain('was not signed in');
		expect(await program.refusal()).toEqual({ error: 'access_denied' });
		expect((await answer(api, token, 'approve', program.userCode)).status).toBe(400);
		expect(await program.refusal()).toEqual({ error: 'access_denied' });
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it('returns 400 expired_token after ten minutes, approved or not', async () => {
		const { user, token } = await api.accounts.signIn();
		const [pending, approved] = [await start(), await start()];
		await approve(api, token, approved);
		await expire();
		for (const program of [pending, approved]) expect(await program.refusal()).toEqual({ error: 'expired_token' });
		const reply = await answer(api, token, 'approve', pending.userCode);
		expect(reply.status).toBe(400);
		expect(reply.text).toContain('This code has expired');
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});

	it('returns 400 slow_down for polls that are too early, and lengthens the interval by 5 seconds for each', async () => {
		const program = await start();
		const interval = async () => (await api.prisma.deviceAuthorization.findFirstOrThrow()).intervalSeconds;
		const pollAfter = async (seconds: number) => {
			await api.pool.query(
				`UPDATE immich_auth.device_authorization SET "lastPolledAt" = now() - make_interval(secs => $1)`,
				[seconds]
			);
			return program.refusal();
		};
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
		expect(await program.refusal()).toEqual({ error: 'slow_down' });
		expect(await interval()).toBe(10);
		expect(await pollAfter(6)).toEqual({ error: 'slow_down' });
		expect(await interval()).toBe(15);
		expect(await pollAfter(15)).toEqual({ error: 'authorization_pending' });
		expect(await interval()).toBe(15);
	});

	it('hands out an approved token even to an early poll', async () => {
		const { token } = await api.accounts.signIn();
		const program = await start();
		await program.poll();
		await approve(api, token, program);
		await program.takeToken();
	});

	it.each([
		['an unknown code', { device_code: 'x'.repeat(43) }, 'invalid_grant'],
		['another program’s name', { client_id: 'other' }, 'invalid_grant'],
		['another grant type', { grant_type: 'authorization_code' }, 'unsupported_grant_type'],
		['an empty grant type', { grant_type: '' }, 'unsupported_grant_type'],
		['a bad name', { client_id: '' }, 'invalid_request'],
		['a long code', { device_code: 'x'.repeat(201) }, 'invalid_request']
	])('returns 400 for %s, and leaves the token for the right poll', async (_, changes, error) => {
		const { token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const reply = await program.poll(changes);
		expect([reply.status, reply.body]).toEqual([400, { error }]);
		await program.takeToken();
	});

	it.each([{}, { grant_type: deviceCodeGrant }, { grant_type: deviceCodeGrant, device_code: 'x' }, { grant_type: 5 }])(
		'returns 400 invalid_request for %j',
		async (body) => {
			const reply = await api.request('POST', tokenPath, { body });
			expect([reply.status, reply.body]).toEqual([400, { error: 'invalid_request' }]);
		}
	);

	it('is refused with 403 from another site', async () => {
		const { deviceCode } = await start();
		const form = { grant_type: deviceCodeGrant, device_code: deviceCode, client_id: clientName };
		const headers = { origin: 'https://evil.example.test', host: new URL(api.url).host };
		for (const path of [codePath, tokenPath])
			expect((await api.request('POST', path, { form, headers })).status).toBe(403);
	});
});

describe('the session that a program gets', () => {
	const headers = { 'user-agent': 'immich-auth/0.1.0 (Linux)', 'x-forwarded-for': elsewhere };

	it('is listed under the program’s name, and marked and announced as a new device', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start(headers);
		await approve(api, token, program);
		const accessToken = await program.takeToken();
		const { body } = await api.request('GET', '/api/sessions', { token: accessToken });
		expect(body).toContainEqual(expect.objectContaining({ id: anyUuid, current: true, deviceType: clientName }));
		// A later use replaces what the headers say, but not the name.
		await api.request('GET', '/api/users/me', {
			token: accessToken,
			headers: { 'user-agent': 'immich-android/3.2.2' }
		});
		const later = await api.request('GET', '/api/sessions', { token });
		const renewed = { current: false, deviceType: clientName, appVersion: '3.2.2' };
		expect(later.body).toContainEqual(expect.objectContaining(renewed));
		const notifications = await api.prisma.notification.findMany({ where: { userId: user.id } });
		expect(notifications.map(({ title }) => title)).toEqual(['Sign-in from a new device']);
	});

	/** Signs in a program that calls itself a browser. */
	async function signInFirefox(token: string) {
		const client_id = 'Firefox';
		const { body } = await api.request('POST', codePath, { form: { client_id } });
		const { device_code, user_code } = DeviceCodeResponseDto.parse(body);
		await answer(api, token, 'approve', user_code);
		const form = { grant_type: deviceCodeGrant, device_code, client_id };
		expect((await api.request('POST', tokenPath, { form })).status).toBe(200);
	}

	it('is announced even if the program takes the name of a browser that the user knows', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { deviceType: 'Firefox' });
		await signInFirefox(token);
		expect(await api.prisma.notification.count({ where: { userId: user.id } })).toBe(1);
		await signInFirefox(token);
		expect(await api.prisma.notification.count({ where: { userId: user.id } })).toBe(1);
	});

	it('counts as another program for the age limits, whatever its name', async () => {
		const { user, token } = await api.accounts.signIn();
		await signInFirefox(token);
		const { rows } = await api.pool.query(
			`SELECT immich_auth.device_class("deviceType", "deviceOS", "appVersion") AS class FROM "session" WHERE "userId" = $1`,
			[user.id]
		);
		expect(rows).toEqual([{ class: 'other' }, { class: 'other' }]);
	});
});
