import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { repeat } from '#tests/support/repeat.ts';

const api = useApi();
const Secret = z.object({ secret: z.string() });
const body = { name: 'thief', permissions: ['all'] };

/** Everything that revokes a user's API keys. */
const endings = {
	'a reset of the password': async (token: string, id: string) => {
		expect((await api.request('POST', `/api/admin/users/${id}/reset-password`, { token, body: {} })).status).toBe(200);
	},
	'a reset of many passwords': async (token: string, id: string) => {
		const batches = new Batches(api, token);
		const draft = await batches.draft({ kind: 'resetPassword', ids: [id] });
		await batches.start(draft.id);
		expect(await batches.finish(draft.id)).toMatchObject({ state: 'finished' });
	},
	'the end of all API keys': async (token: string, id: string) => {
		expect((await api.request('DELETE', `/api/admin/users/${id}/api-keys`, { token })).status).toBe(204);
	}
};
const works = async (apiKey: string) => (await api.request('GET', '/api/users/me', { apiKey })).status === 200;

describe.each(Object.entries(endings))('%s, concurrent with', (_, end) => {
	it('API keys creating API keys, leaves none', async () => {
		const admin = await api.accounts.signInAdmin();
		await repeat(5, async () => {
			const { id } = await api.accounts.makeUser();
			const apiKey = await api.accounts.makeApiKey(id);
			const progress = { isOver: false };
			const make = async () => {
				let made = 201;
				while (!progress.isOver && made === 201)
					made = (await api.request('POST', '/api/api-keys', { apiKey, body })).status;
				expect([201, 401]).toContain(made);
			};
			const making = Array.from({ length: 6 }, make);
			await end(admin.token, id);
			progress.isOver = true;
			await Promise.all(making);
			expect(await api.prisma.apiKey.count({ where: { userId: id } })).toBe(0);
		});
	});
});

it('a password reset concurrent with a session creating API keys leaves none', async () => {
	const admin = await api.accounts.signInAdmin();
	await repeat(5, async () => {
		const { user, token } = await api.accounts.signIn();
		const progress = { isOver: false };
		const make = async () => {
			while (!progress.isOver) await api.request('POST', '/api/api-keys', { token, body });
		};
		const making = Array.from({ length: 6 }, make);
		await endings['a reset of the password'](admin.token, user.id);
		progress.isOver = true;
		await Promise.all(making);
		expect(await api.prisma.apiKey.count({ where: { userId: user.id } })).toBe(0);
	});
});

describe('rotating an API key concurrently', () => {
	it('twice leaves one working secret', async () => {
		await repeat(6, async () => {
			const { user, token } = await api.accounts.signIn();
			const first = await api.accounts.makeApiKey(user.id);
			const { id } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId: user.id } });
			const rotate = () => api.request('POST', `/api/api-keys/${id}/rotate`, { token });
			const replies = await Promise.all([rotate(), rotate()]);
			const secrets = replies.map((reply) => Secret.parse(reply.body).secret);
			const working = await Promise.all([first, ...secrets].map(works));
			expect(working.filter(Boolean)).toHaveLength(1);
			expect(working[0]).toBe(false);
		});
	});

	it('by a thief and by its owner leaves the owner’s secret working', async () => {
		await repeat(10, async () => {
			const { user, token } = await api.accounts.signIn();
			const stolen = await api.accounts.makeApiKey(user.id);
			const { id } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId: user.id } });
			const path = `/api/api-keys/${id}/rotate`;
			const [byOwner, ...byThief] = await Promise.all([
				api.request('POST', path, { token }),
				...Array.from({ length: 8 }, () => api.request('POST', path, { apiKey: stolen }))
			]);
			// A secret rotates its key once, and never after it was replaced.
			const won = byThief.filter(({ status }) => status === 201);
			expect(won.length).toBeLessThanOrEqual(1);
			for (const { status } of byThief) expect([201, 401]).toContain(status);
			expect(await works(Secret.parse(byOwner.body).secret)).toBe(true);
		});
	});
});
