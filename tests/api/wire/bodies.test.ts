import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { message, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const limit = 64 * 1024;
const nothingGiven = validationFailed({
	code: 'invalid_type',
	expected: 'object',
	path: [],
	message: 'Invalid input: expected object, received undefined'
});
const json = { 'content-type': 'application/json' };
const login = (raw: string | Buffer | readonly string[], headers: Record<string, string> = json) =>
	api.request('POST', '/api/auth/login', { raw, headers });

/** V8's own messages, which differ between versions. */
function wordsFor(text: string): string {
	try {
		JSON.parse(text);
		return 'valid';
	} catch (error) {
		return error instanceof Error ? error.message : '';
	}
}

describe('a body', () => {
	it.each(['{"a":', '{', '{bad', '"', '[1,]', "{'a':1}", 'undefined', '{"a":1}}', 'NaN'])(
		'that is not JSON gets 400 with V8’s message: %s',
		async (raw) => {
			const reply = await login(raw);
			expect([reply.status, reply.body]).toEqual([400, message(wordsFor(raw))]);
		}
	);

	it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', ' application/json ;x'])(
		'is JSON as %s',
		async (type) => {
			const { email } = await api.accounts.makeUser();
			expect((await login(JSON.stringify({ email, password }), { 'content-type': type })).status).toBe(201);
		}
	);

	it('can be a URL-encoded form, as Express accepts it', async () => {
		const { email } = await api.accounts.makeUser();
		expect((await api.request('POST', '/api/auth/login', { form: { email, password } })).status).toBe(201);
	});

	it.each([
		'text/plain',
		'application/xml',
		'application/problem+json',
		'application/vnd.api+json',
		'application/octet-stream',
		'multipart/form-data; boundary=x',
		'json',
		'',
		';'
	])('is not read as %j', async (type) => {
		const { email } = await api.accounts.makeUser();
		const reply = await login(JSON.stringify({ email, password }), { 'content-type': type });
		expect([reply.status, reply.body]).toEqual([400, nothingGiven]);
	});

	it('of exactly 64 KiB is read', async () => {
		const start = '{"email":5,"x":"';
		const raw = `${start}${'x'.repeat(limit - start.length - 2)}"}`;
		expect(Buffer.byteLength(raw)).toBe(limit);
		expect((await login(raw)).status).toBe(400);
		expect((await login([raw.slice(0, 100), raw.slice(100)])).status).toBe(400);
	});

	it.each([
		['that says its length', () => 'x'.repeat(limit + 1)],
		['that comes in pieces', () => ['x'.repeat(limit), 'x']],
		['in characters of several bytes', () => 'é'.repeat(limit / 2 + 1)]
	])('gets 413 for one byte more, %s', async (_, make) => {
		const reply = await login(make());
		expect([reply.status, reply.body]).toEqual([413, message('Request body is too large')]);
		expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
	});

	it('is not read at all without a required credential', async () => {
		const reply = await api.request('PUT', '/api/users/me', { raw: 'x'.repeat(limit + 1), headers: json });
		expect(reply.status).toBe(401);
	});

	it('of many megabytes is refused, and the connection serves the next request', async () => {
		const raw = 'x'.repeat(8 * 1024 * 1024);
		for (const [path, status] of [
			['/api/auth/login', 413],
			['/api/admin/user-batches/import', 401],
			['/api/nope', 404]
		] as const) {
			expect((await api.request('POST', path, { raw, headers: json })).status).toBe(status);
			expect((await api.request('POST', path, { raw: [raw, raw], headers: json })).status).toBe(status);
			expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
		}
	});

	it('gets 413 for a page’s form as well', async () => {
		await api.accounts.makeAdmin();
		const form = { email: 'x'.repeat(limit), password };
		expect((await api.submit('/auth/login', form)).status).toBe(413);
	});

	it('that nests deeply causes no failure', async () => {
		for (const raw of ['['.repeat(30_000), '{"a":'.repeat(12_000), `${'['.repeat(30_000)}${']'.repeat(30_000)}`])
			expect((await login(raw)).status).toBe(400);
	});

	it('gets 400 for valid JSON with more than 100 levels', async () => {
		const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
		const deepest = await login(nested(100));
		expect([deepest.status, deepest.text]).toEqual([400, expect.not.stringContaining('nested')]);
		const reply = await login(nested(101));
		expect([reply.status, reply.body]).toEqual([400, message('Request body is nested too deeply')]);
	});
});

describe('a compressed body, or one in another charset', () => {
	const text = '{"email":"a@b.test","password":"x"}';

	it.each([
		['content encoding', 'gzip', { 'content-encoding': 'gzip' }, gzipSync(text)],
		['content encoding', 'Br, gzip', { 'content-encoding': 'Br, gzip' }, Buffer.from(text)],
		['charset', 'utf-16', { 'content-type': 'application/json; charset=utf-16' }, Buffer.from(text, 'utf16le')],
		['charset', 'ISO-8859-1', { 'content-type': 'application/json;charset="ISO-8859-1"' }, Buffer.from(text)],
		[
			'charset',
			'latin1',
			{ 'content-type': 'application/x-www-form-urlencoded; charset=latin1' },
			Buffer.from('email=a@b.test&password=x')
		]
	])('gets 415 that names the %s %s', async (what, name, headers, body) => {
		const reply = await login(body, { ...json, ...headers });
		expect([reply.status, reply.body]).toEqual([415, message(`unsupported ${what} "${name}"`)]);
	});

	it.each([
		{ 'content-encoding': 'identity' },
		{ 'content-type': 'application/json; charset=UTF-8' },
		{ 'content-type': 'application/json; charset="utf8"; other=x' },
		{ 'content-type': 'application/json; charset=' }
	])('is read if it is plain UTF-8: %j', async (headers) => {
		const reply = await login(text, { ...json, ...headers });
		expect([reply.status, reply.body]).toEqual([401, message('Incorrect email or password')]);
	});
});

describe('a null character', () => {
	it.each(['{"email":"a@b.test","password":"a\\u0000b"}', '{"email":"a\u0000@b.test","password":"x"}'])(
		'is refused in JSON: %j',
		async (raw) => {
			const reply = await login(raw);
			expect([reply.status, reply.body]).toEqual([400, message('Request contains a null character')]);
		}
	);

	it('is refused in forms', async () => {
		await api.accounts.makeAdmin();
		expect((await api.submit('/auth/login', { email: 'a@b.test', password: 'a\0b' })).status).toBe(400);
	});

	it('is not found in a string without one', async () => {
		const { token } = await api.accounts.signIn();
		for (const name of ['100%00', 'a\\u0000b']) {
			const reply = await api.request('PUT', '/api/users/me', { token, body: { name } });
			expect(reply.body).toMatchObject({ name });
		}
	});

	it('causes no failure in a path or a query', async () => {
		const { token } = await api.accounts.signInAdmin();
		const cookie = buildCookie(token);
		for (const path of [
			'/api/users/%00',
			'/api/admin/users?id=%00',
			'/api/admin/users?withDeleted=%00',
			'/admin/users/%00'
		])
			expect([400, 404]).toContain((await api.request('GET', path, { cookie })).status);
		for (const query of ['q=%00', 'q=a%00b', 'sort=%00', 'after=%00', 'before=%00'])
			expect((await api.request('GET', `/admin/users?${query}`, { cookie })).status).toBe(200);
	});
});

describe('a lone surrogate', () => {
	const half = '\ud800';

	it('is refused in a name and in preferences', async () => {
		const { token } = await api.accounts.signIn();
		const send = (path: string, body: unknown) =>
			api.request('PUT', path, { token, raw: JSON.stringify(body), headers: json });
		expect((await send('/api/users/me', { name: `a${half}b` })).status).toBe(400);
		const purchase = { hideBuyButtonUntil: half };
		expect((await send('/api/users/me/preferences', { purchase })).status).toBe(400);
		expect((await api.request('GET', '/api/users/me/preferences', { token })).status).toBe(200);
	});
});

describe('the query', () => {
	it.each([
		'withDeleted=true&withDeleted=false',
		'id=a&id=b',
		'withDeleted[]=true',
		'withDeleted[a]=true',
		'nonsense=1'
	])('%s causes no failure', async (query) => {
		const { token } = await api.accounts.signInAdmin();
		expect([200, 400]).toContain((await api.request('GET', `/api/admin/users?${query}`, { token })).status);
	});

	it.each(['after', 'before'])('of the users page accepts any position: %s', async (name) => {
		const { user, token } = await api.accounts.signInAdmin();
		const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const dates = [
			'2026-13-45 99:99:99+00',
			'2026-02-30 00:00:00+00',
			'9999-12-31 24:00:00+99',
			'-infinity',
			'infinity',
			''
		];
		const values = [...dates, '1e9', '9'.repeat(18), 'x'.repeat(500), "'; DROP TABLE x", '\ud800', '\0'];
		const failed: string[] = [];
		for (const sort of ['createdAt', 'lastSeenAt', 'usage', 'name', 'email'])
			for (const value of values) {
				const path = `/admin/users?sort=${sort}&${name}=${encode([value, user.id])}`;
				const reply = await api.request('GET', path, { cookie: buildCookie(token), headers: { accept: 'text/html' } });
				if (reply.status !== 200) failed.push(`${sort} ${name} ${JSON.stringify(value)}: ${reply.status}`);
			}
		expect(failed).toEqual([]);
	});
});
