import { describe, expect, it } from 'vitest';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { systemPaths, useSettingsDocuments } from '#tests/support/settings-documents.ts';

const api = useApi();
const documents = useSettingsDocuments(api);

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
		const reply = await documents.put('/api/admin/config', secrets('oauth-secret', 'smtp-secret'));
		expect(reply.body).toEqual(secrets(mask, mask));
		for (const path of systemPaths) {
			const { text } = await documents.get(path);
			expect(text).not.toMatch(/oauth-secret|smtp-secret/);
		}
		await documents.put('/api/admin/config', { ...secrets(mask, ''), trash: { enabled: true, days: 1 } });
		expect(await documents.stored()).toEqual({ oauth: { clientSecret: 'oauth-secret' }, trash: { days: 1 } });
	});

	it('are recorded without the password of a URL', async () => {
		const urls = ['http://user:url-secret@ml.example.test:3003', 'http://ml.example.test:3003/a:b@c'];
		const machineLearning = { ...systemConfigDefaults.machineLearning, urls };
		await documents.put('/api/admin/config', { ...systemConfigDefaults, machineLearning });
		const event = await api.prisma.auditEvent.findFirstOrThrow({
			where: { action: 'settings.update' },
			orderBy: { id: 'desc' }
		});
		expect(event.changes).toMatchObject({
			'settings.machineLearning.urls': { to: ['http://user:…@ml.example.test:3003', urls[1]] }
		});
	});

	it('each give a different version, which reveals nothing about them', async () => {
		const versions = new Set<string>();
		for (const secret of ['one', 'two', 'one'])
			versions.add((await documents.put('/api/admin/config', secrets(secret, ''))).headers.etag ?? '');
		expect(versions.size).toBe(2);
	});

	it('are recorded only as changed, and nowhere else', async () => {
		await documents.put('/api/admin/config', secrets('oauth-secret', 'smtp-secret'));
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
