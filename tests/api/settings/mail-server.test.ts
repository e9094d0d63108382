import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { findForms } from '#tests/support/html-form.ts';
import { startMailServer, type MailServer } from '#tests/support/mail.ts';
import { message } from '#tests/support/shapes.ts';

type Transport = SystemConfig['notifications']['smtp']['transport'];

const api = useApi();
const defaults = systemConfigDefaults.notifications.smtp;
const page = '/admin/settings/notifications';
let token = '';
let [starttls, plain, encrypted]: (MailServer | undefined)[] = [];

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin());
	[starttls, plain, encrypted] = await Promise.all([
		startMailServer(),
		startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] }),
		startMailServer({ secure: true, authOptional: true })
	]);
});
beforeEach(() => put(systemConfigDefaults));
afterAll(() => Promise.all([starttls?.close(), plain?.close(), encrypted?.close()]));

const put = (body: SystemConfig) => api.request('PUT', '/api/admin/config', { token, body });
const withMail = (transport: Partial<Transport>, enabled = true): SystemConfig => ({
	...systemConfigDefaults,
	notifications: {
		smtp: { ...defaults, enabled, transport: { ...defaults.transport, host: '127.0.0.1', ...transport } }
	}
});
const known = (): Partial<Transport> => ({
	port: starttls?.port ?? 0,
	ignoreCert: true,
	username: 'photos',
	password: 'mail secret'
});

describe('a mail server to send mail through', () => {
	it('is tried before saving: with encryption and sign-in, without, and with implicit TLS', async () => {
		const servers = [
			known(),
			{ port: plain?.port ?? 0 },
			{ port: encrypted?.port ?? 0, secure: true, ignoreCert: true }
		];
		for (const server of servers) expect((await put(withMail(server))).status).toBe(200);
	});

	it.each([
		['a wrong password', () => ({ ...known(), password: 'wrong' })],
		['an unknown certificate', () => ({ ...known(), ignoreCert: false })],
		['a closed port', () => ({ port: 1 })],
		['encryption where there is none', () => ({ port: plain?.port ?? 0, secure: true })],
		['no name', () => ({ host: '' })]
	])('returns 400 for %s and saves nothing', async (_, transport) => {
		const reply = await put(withMail(transport()));
		expect([reply.status, reply.body]).toEqual([400, message('Invalid SMTP configuration')]);
		expect((await api.request('GET', '/api/admin/config', { token })).body).toEqual(systemConfigDefaults);
		expect(api.lines.join('\n')).not.toContain('mail secret');
	});

	it('is not tried if mail is off or if nothing about it changed', async () => {
		expect((await put(withMail({ port: 1 }, false))).status).toBe(200);
		const passing = await startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
		const config = withMail({ port: passing.port });
		expect((await put(config)).status).toBe(200);
		await passing.close();
		expect((await put({ ...config, trash: { enabled: false, days: 3 } })).status).toBe(200);
		const changed = { ...config.notifications.smtp, from: 'me@example.test' };
		expect((await put({ ...config, notifications: { smtp: changed } })).status).toBe(400);
	});

	it('shows its error at the field and keeps what was typed', async () => {
		const [form] = findForms(await openPage(api, page, token)).filter(({ names }) => names.includes('base'));
		const filled = {
			...form?.fields,
			'smtp.enabled': 'on',
			'smtp.transport.host': '127.0.0.1',
			'smtp.transport.port': '1'
		};
		const reply = await api.submit(`${page}?/save`, filled, buildCookie(token));
		expect(reply.status).toBe(400);
		expect(reply.text).toContain('The mail server cannot be reached.');
		expect(reply.text).toMatch(
			/name="smtp\.transport\.host"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*name="smtp\.transport\.host"/
		);
		expect(reply.text).toContain('value="127.0.0.1"');
	});
});
