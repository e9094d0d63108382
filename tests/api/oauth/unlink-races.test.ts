import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { useLinkedCrowd } from '#tests/support/oauth-crowd.ts';

const api = useApi();
const linked = useLinkedCrowd(api);
const unlinkAll = '/api/admin/auth/unlink-all';

describe('a sign-in in progress while everyone is unlinked', () => {
	it('comes first and its session ends, or comes later and finds no identity', async () => {
		const client = await api.pool.connect();
		try {
			// Locks the identity like a sign-in that has read it and is about to create its session.
			await client.query('BEGIN');
			await client.query('SELECT FROM immich_auth.oauth_identity WHERE "userId" = $1 FOR UPDATE', [
				linked.crowd.id('bob')
			]);
			let isDone = false;
			const unlinking = linked.crowd.asAdmin('POST', unlinkAll).finally(() => (isDone = true));
			await expect.poll(async () => linked.crowd.waitingForTable()).toBe(1);
			expect(isDone).toBe(false);
			const { rows } = await client.query<{ id: string }>(
				'INSERT INTO "session" ("userId", "token") VALUES ($1, $2) RETURNING "id"',
				[linked.crowd.id('bob'), Buffer.from('late')]
			);
			await client.query(
				`INSERT INTO immich_auth.oauth_session ("sessionId", "providerId", "issuer", "subject") VALUES ($1, 'club', 'i', 's')`,
				[rows[0]?.id]
			);
			await client.query('COMMIT');
			expect((await unlinking).status).toBe(204);
		} finally {
			client.release();
		}
		expect(await linked.crowd.sessions()).toEqual(['ann/password', 'bob/password', 'cleo/password']);
	});

	it('also ends when one user or selected users are unlinked', async () => {
		const runs = [
			() => linked.crowd.asAdmin('DELETE', `/api/admin/users/${linked.crowd.id('bob')}/oauth`),
			() => new Batches(api, linked.crowd.adminToken).run({ kind: 'unlinkOAuth', ids: [linked.crowd.id('ann')] })
		];
		for (const [index, run] of runs.entries()) {
			const id = linked.crowd.id(index === 0 ? 'bob' : 'ann');
			const client = await api.pool.connect();
			let running: Promise<unknown>;
			try {
				await client.query('BEGIN');
				await client.query('SELECT FROM "user" WHERE "id" = $1 FOR UPDATE', [id]);
				running = run();
				await expect.poll(async () => linked.crowd.waitingForRow()).toBe(1);
				const { rows } = await client.query<{ id: string }>(
					'INSERT INTO "session" ("userId", "token") VALUES ($1, $2) RETURNING "id"',
					[id, Buffer.from(`late ${index}`)]
				);
				await client.query(
					`INSERT INTO immich_auth.oauth_session ("sessionId", "providerId", "issuer", "subject") VALUES ($1, 'club', 'i', 's')`,
					[rows[0]?.id]
				);
				await client.query('COMMIT');
			} finally {
				client.release();
			}
			await running;
		}
		expect(await linked.crowd.sessions()).toEqual([
			'ann/password',
			'bob/password',
			'cleo/club',
			'cleo/immich',
			'cleo/password'
		]);
	});
});
