import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { createTestDatabase } from '#tests/support/database.ts';
import { openPage } from '#tests/support/forms.ts';
import { findForms } from '#tests/support/html-form.ts';
import { startServer } from '#tests/support/server.ts';
import { message } from '#tests/support/shapes.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-config-'));
const makeFile = async (name: string, text: string) => {
	const file = path.join(folder, name);
	await writeFile(file, text);
	return file;
};

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('with a config file', async () => {
	const yaml = 'trash:\n  days: 5\nserver:\n  loginPageMessage: From the file\nunknown: { a: 1 }\n';
	const api = useApi({
		env: { IMMICH_CONFIG_FILE: await makeFile('config.yaml', yaml) },
		prepare: async ({ prisma }) => {
			await prisma.systemMetadata.create({ data: { key: 'system-config', value: { trash: { days: 9 } } } });
		}
	});
	const wanted = {
		...systemConfigDefaults,
		trash: { enabled: true, days: 5 },
		server: { ...systemConfigDefaults.server, loginPageMessage: 'From the file' }
	};

	it('the document is the file’s, whatever is stored', async () => {
		const { token } = await api.accounts.signInAdmin();
		expect((await api.request('GET', '/api/admin/config', { token })).body).toEqual(wanted);
		expect((await api.request('GET', '/api/server/features')).body).toMatchObject({ configFile: true });
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({ isOnboarded: true, trashDays: 5 });
		expect(api.lines.join('\n')).toContain('The config file has settings that are not known');
	});

	it.each(['/api/admin/config', '/api/system-config'])('PUT %s returns 400, even unchanged', async (target) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('PUT', target, { token, body: wanted });
		expect([reply.status, reply.body]).toEqual([
			400,
			message('Cannot update configuration while IMMICH_CONFIG_FILE is in use')
		]);
	});

	it('the pages show it and have no form, and submitting one anyway changes nothing', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const group of ['trash', 'map', 'oauth']) {
			const html = await openPage(api, `/admin/settings/${group}`, token);
			expect(html).toContain('These settings come from IMMICH_CONFIG_FILE');
			expect(html).not.toMatch(/formaction="\?\/(review|save|tryProvider)"/);
			const [form] = findForms(html).filter(({ names }) => names.includes('base'));
			const open = Object.keys(form?.fields ?? {}).filter((name) => !['version', 'base'].includes(name));
			expect(open, `fields of ${group} that can be edited`).toEqual([]);
		}
		const form = { version: '', base: '', days: '3' };
		const reply = await api.submit('/admin/settings/trash?/save', form, buildCookie(token));
		expect(reply.status).toBe(400);
		expect(reply.text).toContain('Cannot update configuration while IMMICH_CONFIG_FILE is in use');
	});

	it('our own document can be changed', async () => {
		const { token } = await api.accounts.signInAdmin();
		const body = { ...immichAuthConfigDefaults, credentials: { acceptInQuery: false } };
		expect((await api.request('PUT', '/api/admin/auth-config', { token, body })).status).toBe(200);
	});
});

describe('with settings in the environment', () => {
	const api = useApi({ env: { IMMICH_LOG_LEVEL: 'warn', IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE: 'false' } });

	it('PUT returns 400 for what is locked, 200 for everything else', async () => {
		const { token } = await api.accounts.signInAdmin();
		const logging = { enabled: true, level: 'debug' };
		const refused = await api.request('PUT', '/api/admin/config', {
			token,
			body: { ...systemConfigDefaults, logging }
		});
		expect([refused.status, refused.body]).toEqual([
			400,
			message('Logging cannot be changed while the environment variable IMMICH_LOG_LEVEL is set.')
		]);
		const body = { ...systemConfigDefaults, user: { deleteDelay: 8 } };
		expect((await api.request('PUT', '/api/admin/config', { token, body })).status).toBe(200);
		const passwords = { temporaryLifetimeDays: 7, enforceChange: true };
		const ours = await api.request('PUT', '/api/admin/auth-config', {
			token,
			body: { ...immichAuthConfigDefaults, passwords }
		});
		expect([ours.status, ours.body]).toMatchObject([400, { message: /IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE is set/ }]);
	});

	it('GET returns the values in effect, and PUT accepts them back without storing them', async () => {
		const { token } = await api.accounts.signInAdmin();
		const read = await api.request('GET', '/api/admin/auth-config', { token });
		const config = read.body as typeof immichAuthConfigDefaults;
		expect(config.passwords.enforceChange).toBe(false);
		const passwords = { ...config.passwords, temporaryLifetimeDays: 8 };
		const written = await api.request('PUT', '/api/admin/auth-config', { token, body: { ...config, passwords } });
		expect([written.status, written.body]).toEqual([200, { ...config, passwords }]);
		const stored = await api.prisma.setting.findUniqueOrThrow({ where: { key: 'immich-auth' } });
		expect(stored.value).toEqual({ passwords: { temporaryLifetimeDays: 8 } });
	});

	it('the forms show it and do not change it', async () => {
		const { token } = await api.accounts.signInAdmin();
		expect(await openPage(api, '/admin/settings/logging', token)).toContain('come from IMMICH_LOG_LEVEL');
		const html = await openPage(api, '/admin/settings/security', token);
		expect(html).toContain('Set by IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE');
		const by = { field: 'passwords.temporaryLifetimeDays' };
		const changes = { 'passwords.temporaryLifetimeDays': '9', 'passwords.enforceChange': 'on' };
		const form = findForms(html).find(({ names }) => names.includes(by.field));
		const reply = await api.submit(
			'/admin/settings/security?/save',
			{ ...form?.fields, ...changes },
			buildCookie(token)
		);
		expect([reply.status, reply.headers.location]).toEqual([303, '/admin/settings/security']);
		const stored = await api.prisma.setting.findUniqueOrThrow({ where: { key: 'immich-auth' } });
		expect(stored.value).toEqual({ passwords: { temporaryLifetimeDays: 9 } });
	});
});

describe('with a provider in the environment', async () => {
	const secretFile = await makeFile('secret', 'from-a-file\n');
	const api = useApi({
		env: {
			IMMICH_OAUTH_ENABLED: 'true',
			IMMICH_OAUTH_BUTTON_TEXT: 'Sign in at the club',
			IMMICH_OAUTH_DEFAULT_STORAGE_QUOTA: '20',
			IMMICH_OAUTH_CLIENT_SECRET_FILE: secretFile
		}
	});

	it('it is in effect, and unlocked fields can be changed', async () => {
		const { token } = await api.accounts.signInAdmin();
		const shown = (await api.request('GET', '/api/server/config')).body;
		expect(shown).toMatchObject({ oauthButtonText: 'Sign in at the club' });
		expect((await api.request('GET', '/api/server/features')).body).toMatchObject({ oauth: true });
		const oauth = { ...systemConfigDefaults.oauth, scope: 'openid email' };
		const open = await api.request('PUT', '/api/admin/config', { token, body: { ...systemConfigDefaults, oauth } });
		expect(open.status).toBe(200);
		const locked = { ...oauth, clientSecret: 'another' };
		const refused = await api.request('PUT', '/api/admin/config', {
			token,
			body: { ...systemConfigDefaults, oauth: locked }
		});
		const reason =
			'oauth.clientSecret cannot be changed while the environment variable IMMICH_OAUTH_CLIENT_SECRET is set.';
		expect([refused.status, refused.body]).toEqual([400, message(reason)]);
	});

	it('the form reports it and shows no secret', async () => {
		const { token } = await api.accounts.signInAdmin();
		const html = await openPage(api, '/admin/settings/oauth', token);
		expect(html).toContain('Set by IMMICH_OAUTH_BUTTON_TEXT');
		expect(html).toContain('Set by IMMICH_OAUTH_CLIENT_SECRET');
		expect(html).not.toContain('from-a-file');
		expect(api.lines.join('\n')).not.toContain('from-a-file');
	});
});

// Other unusable files are tested in tests/unit/config/config-file.test.ts.
it('an unusable config file prevents startup, and the log gives the reason', async () => {
	const database = await createTestDatabase();
	try {
		const file = await makeFile('wrong.json', '{"trash":{"days":"many"}}');
		await expect(startServer({ DATABASE_URL: database.url, IMMICH_CONFIG_FILE: file })).rejects.toThrow(
			/Invalid system config: trash\.days: Invalid input: expected number, received string/
		);
	} finally {
		await database.close();
	}
});
