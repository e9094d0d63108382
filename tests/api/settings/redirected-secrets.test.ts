import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { withLeaves } from '#lib/contract/settings/document/leaves.ts';
import type { JsonValue } from '#lib/contract/settings/document/sparse-document.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { findForms } from '#tests/support/html-form.ts';
import { startMailServer, type MailServer } from '#tests/support/mail.ts';
import { storedSettings } from '#tests/support/vault.ts';

const api = useApi();
const transport = 'notifications.smtp.transport';
const stored = new Map<string, JsonValue>([
	['oauth.issuerUrl', 'https://id.example.com'],
	['oauth.clientId', 'photos'],
	['oauth.clientSecret', 'client secret'],
	[`${transport}.host`, 'mail.example.com'],
	[`${transport}.username`, 'photos'],
	[`${transport}.password`, 'mail secret']
]);
let token = '';
let mail: MailServer;

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin());
	mail = await startMailServer();
});
afterAll(() => mail.close());
beforeEach(async () => {
	expect((await put(withLeaves(systemConfigDefaults, stored))).status).toBe(200);
	await api.pool.query(
		'SET session_replication_role = replica; DELETE FROM immich_auth.audit_event; RESET session_replication_role'
	);
});

const put = (body: unknown) => api.request('PUT', '/api/admin/config', { token, body });
const tries = () =>
	api.prisma.auditEvent.findMany({
		where: { action: 'settings.try' },
		select: { outcome: true, reason: true, changes: true },
		orderBy: { id: 'asc' }
	});

/** Changes a response of GET, masks included, and sends it. */
async function sendBack(changes: Readonly<Record<string, JsonValue>>) {
	const { body } = await api.request('GET', '/api/admin/config', { token });
	return put(withLeaves(body as Record<string, JsonValue>, new Map(Object.entries(changes))));
}

const storedSecrets = async () => JSON.stringify(await storedSettings(api.prisma));

describe('PUT /admin/config with a masked secret', () => {
	it.each([
		['another mail server', { [`${transport}.host`]: '127.0.0.1' }, `${transport}.password`, `${transport}.host`],
		['another port', { [`${transport}.port`]: 2525 }, `${transport}.password`, `${transport}.port`],
		[
			'an unchecked certificate',
			{ [`${transport}.ignoreCert`]: true },
			`${transport}.password`,
			`${transport}.ignoreCert`
		],
		['another issuer', { 'oauth.issuerUrl': 'https://id.evil.example' }, 'oauth.clientSecret', 'oauth.issuerUrl']
	])('returns 400 for %s, names both settings, and saves nothing', async (_, changes, secret, setting) => {
		const before = await storedSecrets();
		const reply = await sendBack(changes);
		expect(reply.status).toBe(400);
		expect(reply.body).toMatchObject({
			message: `${secret}: enter the secret again, because ${setting} has changed`
		});
		expect(await storedSecrets()).toBe(before);
	});

	it('returns 400 for enabling a mail server with it, without connecting', async () => {
		const changes = {
			'notifications.smtp.enabled': true,
			[`${transport}.host`]: '127.0.0.1',
			[`${transport}.port`]: mail.port
		};
		expect((await sendBack(changes)).status).toBe(400);
		expect(await tries()).toEqual([]);
	});

	it('returns 200 if the secret is entered again or removed', async () => {
		for (const password of ['entered again', '']) {
			const changes = {
				[`${transport}.host`]: `mail-${password.length}.example.com`,
				[`${transport}.password`]: password
			};
			expect((await sendBack(changes)).status).toBe(200);
			expect(await storedSecrets()).not.toContain('mail secret');
			await put(withLeaves(systemConfigDefaults, stored));
		}
	});

	it('returns 200 for other settings and keeps the secret', async () => {
		expect((await sendBack({ [`${transport}.username`]: 'other', 'oauth.scope': 'openid' })).status).toBe(200);
		for (const secret of ['mail secret', 'client secret']) expect(await storedSecrets()).toContain(secret);
	});
});

describe('the form', () => {
	const send = async (group: string, action: string, changes: Readonly<Record<string, string>>) => {
		const page = `/admin/settings/${group}`;
		const [form] = findForms(await openPage(api, page, token)).filter(({ names }) => names.includes('base'));
		return api.submit(`${page}?/${action}`, { ...form?.fields, ...changes }, buildCookie(token));
	};

	it.each([
		['notifications', 'save', { 'smtp.transport.host': '127.0.0.1' }],
		['notifications', 'review', { 'smtp.transport.port': '2525' }],
		['oauth', 'save', { issuerUrl: 'https://id.evil.example' }],
		['oauth', 'tryProvider', { issuerUrl: 'https://id.evil.example' }]
	])('of %s shows at the secret’s field, on %s, that it is needed again', async (group, action, changes) => {
		const before = await storedSecrets();
		const reply = await send(group, action, changes);
		expect(reply.status).toBe(400);
		expect(reply.text).toContain('Enter this again: the stored secret is only sent to the server');
		expect(await storedSecrets()).toBe(before);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});
});

describe('every try is recorded', () => {
	const withMail = (host: string, port: number) => ({
		'notifications.smtp.enabled': true,
		[`${transport}.host`]: host,
		[`${transport}.port`]: port,
		[`${transport}.ignoreCert`]: true,
		[`${transport}.password`]: 'mail secret'
	});
	const buildChanges = (host: string, port: number) => ({
		'settings.notifications.smtp.transport.host': { from: null, to: host },
		'settings.notifications.smtp.transport.port': { from: null, to: port }
	});

	it('of a mail server that accepts mail', async () => {
		expect((await sendBack(withMail('127.0.0.1', mail.port))).status).toBe(200);
		expect(await tries()).toEqual([{ outcome: 'done', reason: null, changes: buildChanges('127.0.0.1', mail.port) }]);
		expect((await put(withLeaves(systemConfigDefaults, stored))).status).toBe(200);
	});

	it('of one that does not', async () => {
		expect((await sendBack(withMail('127.0.0.1', 1))).status).toBe(400);
		const reason = 'The mail server cannot be reached.';
		expect(await tries()).toEqual([{ outcome: 'refused', reason, changes: buildChanges('127.0.0.1', 1) }]);
	});

	it('of a provider that does not respond', async () => {
		const page = '/admin/settings/oauth';
		const [form] = findForms(await openPage(api, page, token)).filter(({ names }) => names.includes('base'));
		const changes = { issuerUrl: 'http://127.0.0.1:1/', clientSecret: 'typed', allowInsecureRequests: 'on' };
		expect((await api.submit(`${page}?/tryProvider`, { ...form?.fields, ...changes }, buildCookie(token))).status).toBe(
			500
		);
		const [tried, ...others] = await tries();
		expect(others).toEqual([]);
		expect(tried).toMatchObject({
			outcome: 'refused',
			changes: { 'settings.oauth.issuerUrl': { from: null, to: 'http://127.0.0.1:1/' } }
		});
	});
});

describe('a secret from the environment', () => {
	const other = useApi({ env: { IMMICH_OAUTH_CLIENT_SECRET: 'of the environment' } });

	it('is used for the first server configured and no other', async () => {
		const admin = await other.accounts.signInAdmin();
		const name = (issuerUrl: string) =>
			other.request('PUT', '/api/admin/config', {
				token: admin.token,
				body: { ...systemConfigDefaults, oauth: { ...systemConfigDefaults.oauth, issuerUrl } }
			});
		expect((await name('https://id.example.com')).status).toBe(200);
		const reply = await name('https://id.evil.example');
		expect([reply.status, reply.body]).toMatchObject([
			400,
			{
				message: 'oauth.issuerUrl cannot be changed while the environment variable IMMICH_OAUTH_CLIENT_SECRET is set.'
			}
		]);
		expect((await name('')).status).toBe(400);
	});
});
