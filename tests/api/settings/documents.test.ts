import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { authPath, systemPaths, useSettingsDocuments, withServer } from '#tests/support/settings-documents.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const documents = useSettingsDocuments(api);

describe.each(systemPaths)('%s', (path) => {
	it('GET returns 200 with the whole document and its version', async () => {
		const reply = await documents.get(path);
		expect([reply.status, reply.body]).toEqual([200, systemConfigDefaults]);
		expect(reply.headers.etag).toMatch(/^"[\w-]{22}"$/);
	});

	it('GET …/defaults returns 200', async () => {
		await documents.put(path, withServer({ publicUsers: false }));
		const reply = await documents.get(`${path}/defaults`);
		expect([reply.status, reply.body]).toEqual([200, systemConfigDefaults]);
	});

	it('PUT returns 200, replaces the document, stores the differences, and takes effect with the next request', async () => {
		const wanted = withServer({ loginPageMessage: 'Hello', publicUsers: false });
		const reply = await documents.put(path, wanted);
		expect([reply.status, reply.body]).toEqual([200, wanted]);
		expect(await documents.stored()).toEqual({ server: { loginPageMessage: 'Hello', publicUsers: false } });
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({
			loginPageMessage: 'Hello',
			publicUsers: false
		});
		expect((await documents.get(path)).body).toEqual(wanted);
	});

	it('PUT returns 200, drops unknown keys, and accepts booleans as text', async () => {
		const body = {
			...systemConfigDefaults,
			unknownGroup: { a: 1 },
			trash: { enabled: 'false', days: 3, unknown: true }
		};
		const reply = await documents.put(path, body);
		expect(reply.body).toEqual({ ...systemConfigDefaults, trash: { enabled: false, days: 3 } });
		expect(await documents.stored()).toEqual({ trash: { enabled: false, days: 3 } });
	});

	it('PUT returns 200 and restores a default that was blanked', async () => {
		const body = { ...systemConfigDefaults, oauth: { ...systemConfigDefaults.oauth, scope: '', buttonText: '' } };
		expect((await documents.put(path, body)).body).toEqual(systemConfigDefaults);
	});

	it('PUT returns 200 and reduces the public address to its origin', async () => {
		const reply = await documents.put(path, withServer({ externalDomain: 'https://photos.example.com/path?x=1' }));
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
		const reply = await documents.put(path, { ...systemConfigDefaults, [group]: value });
		expect([reply.status, reply.body]).toMatchObject([
			400,
			{ message: 'Validation failed', errors: [{ message: text }] }
		]);
		expect(await documents.stored()).toEqual({});
	});

	it.each([[[]], [null], ['text'], [5], [{}]])('PUT returns 400 for the body %j', async (body) => {
		const reply = await documents.put(path, body);
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
		const reply = await documents.put(path, { ...systemConfigDefaults, storageTemplate });
		const text = expect.stringMatching(/^Invalid storage template: /) as unknown;
		expect([reply.status, reply.body]).toEqual([400, { message: text }]);
	});

	it('PUT with If-Match returns 412 for an old version, 200 for the current one and for a star', async () => {
		const before = (await documents.get(path)).headers.etag ?? '';
		const first = await documents.put(path, withServer({ loginPageMessage: 'first' }), { 'if-match': before });
		expect(first.status).toBe(200);
		const late = await documents.put(path, withServer({ loginPageMessage: 'late' }), { 'if-match': before });
		expect([late.status, late.body]).toEqual([412, message('Someone else changed the settings in the meantime')]);
		expect((await documents.get(path)).headers.etag).toBe(first.headers.etag);
		for (const version of [`"other", ${first.headers.etag ?? ''}`, '*'])
			expect(
				(await documents.put(path, withServer({ loginPageMessage: version }), { 'if-match': version })).status
			).toBe(200);
	});

	it('refuses one of two concurrent PUTs with the same version', async () => {
		const version = (await documents.get(path)).headers.etag ?? '';
		const replies = await Promise.all(
			['one', 'two', 'three'].map((text) =>
				documents.put(path, withServer({ loginPageMessage: text }), { 'if-match': version })
			)
		);
		expect(replies.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
	});

	it('applies two concurrent PUTs without a version: the last one wins, and both are recorded', async () => {
		const texts = ['one', 'two', 'three'];
		await Promise.all(texts.map((text) => documents.put(path, withServer({ loginPageMessage: text }))));
		const { server } = (await documents.get(path)).body as SystemConfig;
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

describe('our own document', () => {
	it('GET and PUT return 200, store the differences, and take effect immediately', async () => {
		expect((await documents.get(authPath)).body).toEqual(immichAuthConfigDefaults);
		expect((await documents.get(`${authPath}/defaults`)).body).toEqual(immichAuthConfigDefaults);
		const wanted = { ...immichAuthConfigDefaults, credentials: { acceptInQuery: false } };
		const reply = await documents.put(authPath, wanted);
		expect([reply.status, reply.body]).toEqual([200, wanted]);
		expect((await api.request('GET', `/api/users/me?sessionKey=${documents.token}`)).status).toBe(401);
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
		const reply = await documents.put(authPath, { ...immichAuthConfigDefaults, cookies: { alwaysSecure: 'true' } });
		expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
		expect((await documents.put(authPath, immichAuthConfigDefaults, { 'if-match': '"past"' })).status).toBe(412);
	});
});
