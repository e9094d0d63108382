import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';
import { storedSettings } from '#tests/support/vault.ts';

const api = useApi();
const systemPaths = ['/api/system-config', '/api/admin/config'];
const authPath = '/api/admin/auth-config';
const quickly = { interval: 10, timeout: 2_000 };

const withServer = (server: Partial<SystemConfig['server']>): SystemConfig => ({
	...systemConfigDefaults,
	server: { ...systemConfigDefaults.server, ...server }
});
const put = (path: string, token: string, body: unknown, headers: Record<string, string> = {}) =>
	api.request('PUT', path, { token, body, headers });
const stored = async () => (await storedSettings(api.prisma)).system;

let token = '';
beforeEach(async () => {
	await api.reset();
	({ token } = await api.accounts.signInAdmin());
	// A reset sends no notifications, so writes refresh the settings.
	await put('/api/admin/config', token, withServer({ loginPageMessage: 'reset' }));
	await put('/api/admin/config', token, systemConfigDefaults);
	await put(authPath, token, { ...immichAuthConfigDefaults, cookies: { alwaysSecure: true } });
	await put(authPath, token, immichAuthConfigDefaults);
});

describe.each(systemPaths)('%s', (path) => {
	it('GET returns 200 with the whole document and its version', async () => {
		const reply = await api.request('GET', path, { token });
		expect([reply.status, reply.body]).toEqual([200, systemConfigDefaults]);
		expect(reply.headers.etag).toMatch(/^"[\w-]{22}"$/);
	});

	it('GET …/defaults returns 200', async () => {
		await put(path, token, withServer({ publicUsers: false }));
		const reply = await api.request('GET', `${path}/defaults`, { token });
		expect([reply.status, reply.body]).toEqual([200, systemConfigDefaults]);
	});

	it('PUT returns 200, replaces the document, stores the differences, and takes effect with the next request', async () => {
		const wanted = withServer({ loginPageMessage: 'Hello', publicUsers: false });
		const reply = await put(path, token, wanted);
		expect([reply.status, reply.body]).toEqual([200, wanted]);
		expect(await stored()).toEqual({ server: { loginPageMessage: 'Hello', publicUsers: false } });
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({
			loginPageMessage: 'Hello',
			publicUsers: false
		});
		expect((await api.request('GET', path, { token })).body).toEqual(wanted);
	});

	it('PUT returns 200, drops unknown keys, and accepts booleans as text', async () => {
		const body = {
			...systemConfigDefaults,
			unknownGroup: { a: 1 },
			trash: { enabled: 'false', days: 3, unknown: true }
		};
		const reply = await put(path, token, body);
		expect(reply.body).toEqual({ ...systemConfigDefaults, trash: { enabled: false, days: 3 } });
		expect(await stored()).toEqual({ trash: { enabled: false, days: 3 } });
	});

	it('PUT returns 200 and restores a default that was blanked', async () => {
		const body = { ...systemConfigDefaults, oauth: { ...systemConfigDefaults.oauth, scope: '', buttonText: '' } };
		expect((await put(path, token, body)).body).toEqual(systemConfigDefaults);
	});

	it('PUT returns 200 and reduces the public address to its origin', async () => {
		const reply = await put(path, token, withServer({ externalDomain: 'https://photos.example.com/path?x=1' }));
		expect(reply.body).toMatchObject({ server: { externalDomain: 'https://photos.example.com' } });
	});

	it.each([
		['user', { deleteDelay: 0 }, 'Too small: expected number to be >=1'],
		['user', { deleteDelay: '7' }, 'Invalid input: expected number, received string'],
		['user', {}, 'Invalid input: expected number, received undefined'],
		['passwordLogin', { enabled: 'yes' }, 'Invalid input: expected boolean, received string'],
		[
			'server',
			{ ...systemConfigDefaults.server, externalDomain: 'photos' },
			'External domain must be an empty string or a valid URL'
		],
		['oauth', { ...systemConfigDefaults.oauth, issuerUrl: 'x' }, 'Issuer URL must be an empty string or a valid URL'],
		[
			'oauth',
			{ ...systemConfigDefaults.oauth, endSessionEndpoint: 'x' },
			'endSessionEndpoint must be an empty string or a valid URL'
		],
		[
			'oauth',
			{ ...systemConfigDefaults.oauth, mobileOverrideEnabled: true, mobileRedirectUri: 'x' },
			'Mobile redirect URI must be an empty string or a valid URL'
		],
		[
			'nightlyTasks',
			{ ...systemConfigDefaults.nightlyTasks, startTime: '7' },
			'Invalid input: expected string in HH:MM format, received string'
		],
		[
			'backup',
			{ database: { enabled: true, keepLastAmount: 1, cronExpression: '* * *' } },
			'Invalid cron expression. Too few fields'
		],
		['trash', undefined, 'Invalid input: expected object, received undefined']
	])('PUT returns 400 for %s %j', async (group, value, text) => {
		const reply = await put(path, token, { ...systemConfigDefaults, [group]: value });
		expect([reply.status, reply.body]).toMatchObject([
			400,
			{ message: 'Validation failed', errors: [{ message: text }] }
		]);
		expect(await stored()).toEqual({});
	});

	it.each([[[]], [null], ['text'], [5], [{}]])('PUT returns 400 for the body %j', async (body) => {
		const reply = await put(path, token, body);
		expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
	});

	it.each([
		'{{y}}/{{#if album}}{{album}}/{{filename}}',
		'{{y}/{{filename}}',
		'{{nothing}}',
		'{{/if}}',
		'{{#each album}}'
	])('PUT returns 400 for the storage template %s', async (template) => {
		const storageTemplate = { ...systemConfigDefaults.storageTemplate, template };
		const reply = await put(path, token, { ...systemConfigDefaults, storageTemplate });
		const text = expect.stringMatching(/^Invalid storage template: /) as unknown;
		expect([reply.status, reply.body]).toEqual([400, { message: text }]);
	});

	it('PUT with If-Match returns 412 for an old version, 200 for the current one and for a star', async () => {
		const before = (await api.request('GET', path, { token })).headers.etag ?? '';
		const first = await put(path, token, withServer({ loginPageMessage: 'first' }), { 'if-match': before });
		expect(first.status).toBe(200);
		const late = await put(path, token, withServer({ loginPageMessage: 'late' }), { 'if-match': before });
		expect([late.status, late.body]).toEqual([
			412,
			message('The configuration has been changed by somebody else meanwhile')
		]);
		expect((await api.request('GET', path, { token })).headers.etag).toBe(first.headers.etag);
		for (const version of [`"other", ${first.headers.etag ?? ''}`, '*'])
			expect((await put(path, token, withServer({ loginPageMessage: version }), { 'if-match': version })).status).toBe(
				200
			);
	});

	it('refuses one of two concurrent PUTs with the same version', async () => {
		const version = (await api.request('GET', path, { token })).headers.etag ?? '';
		const replies = await Promise.all(
			['one', 'two', 'three'].map((text) =>
				put(path, token, withServer({ loginPageMessage: text }), { 'if-match': version })
			)
		);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
	});

	it('applies two concurrent PUTs without a version: the last one wins, and both are recorded', async () => {
		const texts = ['one', 'two', 'three'];
		await Promise.all(texts.map((text) => put(path, token, withServer({ loginPageMessage: text }))));
		const { server } = (await api.request('GET', path, { token })).body as SystemConfig;
		expect(texts).toContain(server.loginPageMessage);
		const events = await api.prisma.auditEvent.findMany({
			where: { action: 'settings.update' },
			orderBy: { id: 'desc' },
			take: 3
		});
		const changes = events.map((event) => event.changes).reverse();
		const steps = z.array(
			z.object({ 'settings.server.loginPageMessage': z.object({ from: z.string(), to: z.string() }) })
		);
		const recorded = steps.parse(changes).map((change) => change['settings.server.loginPageMessage']);
		expect(recorded.map(({ to }) => to).sort()).toEqual([...texts].sort());
		// Each change starts from the previous one's end, and the last one is in effect.
		expect(recorded.slice(1).map(({ from }) => from)).toEqual(recorded.slice(0, -1).map(({ to }) => to));
		expect(recorded.at(-1)?.to).toBe(server.loginPageMessage);
	});
});

describe('secrets', () => {
	const secrets = (clientSecret: string, password: string): SystemConfig => ({
		...systemConfigDefaults,
		oauth: { ...systemConfigDefaults.oauth, clientSecret },
		notifications: {
			smtp: {
				...systemConfigDefaults.notifications.smtp,
				transport: { ...systemConfigDefaults.notifications.smtp.transport, password }
			}
		}
	});

	it('are masked in every response, kept when the mask comes back, and removed by empty text', async () => {
		const mask = '********';
		const reply = await put('/api/admin/config', token, secrets('oauth-secret', 'smtp-secret'));
		expect(reply.body).toEqual(secrets(mask, mask));
		for (const path of systemPaths) {
			const { text } = await api.request('GET', path, { token });
			expect(text).not.toMatch(/oauth-secret|smtp-secret/);
		}
		await put('/api/admin/config', token, { ...secrets(mask, ''), trash: { enabled: true, days: 1 } });
		expect(await stored()).toEqual({ oauth: { clientSecret: 'oauth-secret' }, trash: { days: 1 } });
	});

	it('each give a different version, which reveals nothing about them', async () => {
		const versions = new Set<string>();
		for (const secret of ['one', 'two', 'one'])
			versions.add((await put('/api/admin/config', token, secrets(secret, ''))).headers.etag ?? '');
		expect(versions.size).toBe(2);
	});

	it('are recorded only as changed, and nowhere else', async () => {
		await put('/api/admin/config', token, secrets('oauth-secret', 'smtp-secret'));
		const [event] = await api.prisma.auditEvent.findMany({
			where: { action: 'settings.update' },
			orderBy: { id: 'desc' },
			take: 1
		});
		expect(event?.changes).toEqual({
			'settings.oauth.clientSecret': { from: null, to: 'changed' },
			'settings.notifications.smtp.transport.password': { from: null, to: 'changed' }
		});
		expect(api.lines.join('\n')).not.toMatch(/oauth-secret|smtp-secret/);
	});
});

describe('our own document', () => {
	it('GET and PUT return 200, store the differences, and take effect immediately', async () => {
		expect((await api.request('GET', authPath, { token })).body).toEqual(immichAuthConfigDefaults);
		expect((await api.request('GET', `${authPath}/defaults`, { token })).body).toEqual(immichAuthConfigDefaults);
		const wanted = { ...immichAuthConfigDefaults, credentials: { acceptInQuery: false } };
		const reply = await put(authPath, token, wanted);
		expect([reply.status, reply.body]).toEqual([200, wanted]);
		expect((await api.request('GET', `/api/users/me?sessionKey=${token}`)).status).toBe(401);
		expect((await api.prisma.setting.findUnique({ where: { key: 'immich-auth' } }))?.value).toEqual({
			credentials: { acceptInQuery: false }
		});
		const [event] = await api.prisma.auditEvent.findMany({
			where: { action: 'settings.update' },
			orderBy: { id: 'desc' },
			take: 1
		});
		expect(event?.changes).toEqual({ 'settings.security.credentials.acceptInQuery': { from: true, to: false } });
	});

	it('PUT returns 400 for wrong types, 412 for an old version', async () => {
		const reply = await put(authPath, token, { ...immichAuthConfigDefaults, cookies: { alwaysSecure: 'true' } });
		expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
		expect((await put(authPath, token, immichAuthConfigDefaults, { 'if-match': '"past"' })).status).toBe(412);
	});
});

describe('what other users can read', () => {
	it('GET /config returns 200 for every user, GET /public/config for anyone, and nothing more', async () => {
		await put('/api/admin/config', token, {
			...withServer({ loginPageMessage: 'Hello', externalDomain: 'https://photos.example.com' }),
			theme: { customCss: 'body{}' },
			user: { deleteDelay: 9 }
		});
		const person = await api.accounts.signIn();
		const own = await api.request('GET', '/api/config', { token: person.token });
		expect([own.status, own.body]).toMatchObject([
			200,
			{ server: { externalDomain: 'https://photos.example.com' }, user: { deleteDelay: 9 } }
		]);
		const open = await api.request('GET', '/api/public/config');
		expect([open.status, open.body]).toEqual([
			200,
			{
				oauth: { autoLaunch: false, buttonText: 'Login with OAuth', enabled: false },
				passwordLogin: { enabled: true },
				server: { loginPageMessage: 'Hello' },
				theme: { customCss: 'body{}' }
			}
		]);
		const defaults = await api.request('GET', '/api/public/config/defaults');
		expect(defaults.body).toMatchObject({ server: { loginPageMessage: '' } });
		expect((await api.request('GET', '/api/config/defaults', { token: person.token })).body).toMatchObject({
			user: { deleteDelay: 7 }
		});
	});

	it('GET /system-config/storage-template-options returns 200 with lists of valid options', async () => {
		const reply = await api.request('GET', '/api/system-config/storage-template-options', { token });
		expect(reply.status).toBe(200);
		const options = reply.body as Record<string, string[]>;
		expect(Object.keys(options).sort()).toEqual(
			['day', 'hour', 'minute', 'month', 'preset', 'second', 'week', 'year'].map((name) => `${name}Options`)
		);
		const { presetOptions = [], ...parts } = options;
		for (const template of [
			...presetOptions,
			...Object.values(parts)
				.flat()
				.map((part) => `{{${part}}}`)
		]) {
			const storageTemplate = { ...systemConfigDefaults.storageTemplate, template };
			expect((await put('/api/admin/config', token, { ...systemConfigDefaults, storageTemplate })).status).toBe(200);
		}
	});

	it('GET /custom.css returns 200 as CSS, linked in every page except the one that edits it', async () => {
		const customCss = '/* </style> */ h1 { color: red }';
		await put('/api/admin/config', token, { ...systemConfigDefaults, theme: { customCss } });
		const reply = await api.request('GET', '/custom.css');
		expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([
			200,
			customCss,
			'text/css; charset=utf-8'
		]);
		expect(reply.headers['x-content-type-options']).toBe('nosniff');
		expect((await api.request('GET', '/auth/login', { headers: { accept: 'text/html' } })).text).toContain(
			'href="/custom.css"'
		);
		const cookie = `immich_access_token=${token}`;
		const editor = await api.request('GET', '/admin/settings/theme', { cookie, headers: { accept: 'text/html' } });
		expect(editor.status).toBe(200);
		expect(editor.text).not.toContain('href="/custom.css"');
	});
});

describe('settings in effect', () => {
	it('disable password sign-in from the next request on', async () => {
		const { email } = await api.accounts.makeUser();
		const login = () => api.request('POST', '/api/auth/login', { body: { email, password: 'wrong password' } });
		expect((await login()).body).toEqual(message('Incorrect email or password'));
		await put('/api/admin/config', token, { ...systemConfigDefaults, passwordLogin: { enabled: false } });
		expect((await login()).body).toEqual(message('Password login has been disabled'));
	});

	it('end sessions by an age limit that is set now', async () => {
		const { user } = await api.accounts.signIn();
		const old = await api.accounts.makeSession(user.id, { updatedAt: new Date(Date.now() - 3 * 86_400_000) });
		const sessions = { ...immichAuthConfigDefaults.sessions, other: { idleDays: 1, lifetimeDays: 0 } };
		await put(authPath, token, { ...immichAuthConfigDefaults, sessions });
		await expect
			.poll(async () => (await api.request('GET', '/api/users/me', { token: old })).status, quickly)
			.toBe(401);
	});

	it('apply a new log level immediately', async () => {
		const lines = () => api.lines.filter((line) => line.includes('Request refused')).length;
		const level = (name: SystemConfig['logging']['level'], enabled = true) =>
			put('/api/admin/config', token, { ...systemConfigDefaults, logging: { enabled, level: name } });
		await level('debug');
		const before = lines();
		await api.request('GET', '/api/users/me');
		await expect.poll(lines, quickly).toBe(before + 1);
		await level('warn');
		await api.request('GET', '/api/users/me');
		await level('verbose', false);
		await api.request('GET', '/api/users/me');
		expect(lines()).toBe(before + 1);
	});
});
