import { describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { useSettingsDocuments, withServer } from '#tests/support/settings-documents.ts';

const api = useApi();
const documents = useSettingsDocuments(api);

describe('what other users can read', () => {
	it('GET /config returns 200 for every user, GET /public/config for anyone, and nothing more', async () => {
		await documents.put('/api/admin/config', {
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
		const reply = await documents.get('/api/system-config/storage-template-options');
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
			expect((await documents.put('/api/admin/config', { ...systemConfigDefaults, storageTemplate })).status).toBe(200);
		}
	});

	it('GET /custom.css returns 200 as CSS, linked in every page except the one that edits it', async () => {
		const customCss = '/* </style> */ h1 { color: red }';
		await documents.put('/api/admin/config', { ...systemConfigDefaults, theme: { customCss } });
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
		const cookie = `immich_access_token=${documents.token}`;
		const editor = await api.request('GET', '/admin/settings/theme', { cookie, headers: { accept: 'text/html' } });
		expect(editor.status).toBe(200);
		expect(editor.text).not.toContain('href="/custom.css"');
	});
});
