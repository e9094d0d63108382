import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditLog, inShort } from '#tests/support/audit.ts';
import { Batches } from '#tests/support/batches.ts';
import { makeCrowd } from '#tests/support/crowd.ts';

const api = useApi();
let batches: Batches;
let log: AuditLog;
let admin: { id: string };

beforeEach(async () => {
	await api.reset();
	const signedIn = await api.accounts.signInAdmin({ name: 'Ada' });
	admin = signedIn.user;
	batches = new Batches(api, signedIn.token);
	log = new AuditLog(api, signedIn.token);
});

describe('a bulk action', () => {
	it('is recorded at its start and once per changed user, with the client info of the start', async () => {
		const [bob, olga, dora] = [
			await api.accounts.makeUser({ name: 'Bob' }),
			await api.accounts.makeUser({ name: 'Olga', shouldChangePassword: true }),
			await api.accounts.makeUser({ name: 'Dora', deletedAt: new Date() })
		];
		const { batch } = await batches.run({ kind: 'setQuota', ids: [bob.id, olga.id, dora.id], quotaSizeInBytes: 5_000 });
		const [start, ...each] = await log.read();
		expect(start).toMatchObject({
			action: 'batch.start',
			actor: { id: admin.id, name: 'Ada' },
			subject: null,
			object: { kind: 'batch', id: batch.id, label: 'setQuota' },
			changes: { total: { from: null, to: 3 } }
		});
		expect(each.map(inShort).toSorted()).toEqual(['Ada: user.update of Bob', 'Ada: user.update of Olga']);
		for (const event of each)
			expect(event).toMatchObject({
				batchId: batch.id,
				credential: start?.credential,
				address: start?.address,
				client: start?.client,
				correlationId: start?.correlationId,
				changes: { quotaSizeInBytes: { from: null, to: 5_000 } }
			});
	});

	it.each([
		['requireChange', 'user.requireChange', { shouldChangePassword: { from: false, to: true } }],
		['resetPassword', 'user.resetPassword', { shouldChangePassword: { from: false, to: true } }],
		['delete', 'user.delete', null],
		['restore', 'user.restore', null]
	])('%s is recorded as %s', async (kind, action, changes) => {
		const user = await api.accounts.makeUser({
			...(kind === 'restore' && { deletedAt: new Date(), status: 'deleted' })
		});
		const { downloadKey, batch } = await batches.run({ kind, ids: [user.id] });
		const events = await log.read(`user=${user.id}`);
		expect(events).toMatchObject([{ action, actor: { id: admin.id }, subject: { id: user.id }, changes }]);
		if (downloadKey === null) return;
		const passwords = await batches.takePasswords(batch.id, downloadKey);
		expect((await log.story()).at(-1)).toBe('Ada: batch.takePasswords');
		const { rows } = await api.pool.query<{ text: string }>(
			'SELECT event::text AS text FROM immich_auth.audit_event AS event'
		);
		for (const password of passwords.values()) expect(JSON.stringify(rows)).not.toContain(password);
	});

	it('records an import with the initial values of each user', async () => {
		const csv = 'name,email,storage label\nOlga,olga@example.test,olga\nAda,ada@example.test,\n';
		await batches.runImport(csv);
		const events = await log.read('action=user.create');
		expect(events.map(({ changes }) => changes).toSorted((one) => (one?.['storageLabel'] ? -1 : 1))).toEqual([
			{
				email: { from: null, to: 'olga@example.test' },
				name: { from: null, to: 'Olga' },
				shouldChangePassword: { from: null, to: true },
				storageLabel: { from: null, to: 'olga' }
			},
			{
				email: { from: null, to: 'ada@example.test' },
				name: { from: null, to: 'Ada' },
				shouldChangePassword: { from: null, to: true }
			}
		]);
	});

	it('is recorded when discarded, but not when drafted', async () => {
		const user = await api.accounts.makeUser();
		const { id } = await batches.draft({ kind: 'delete', ids: [user.id] });
		expect(await log.story()).toEqual([]);
		await batches.call('DELETE', `/${id}`);
		expect(await log.story()).toEqual(['Ada: batch.discard']);
	});

	it('of 3,000 users is recorded once per user', async () => {
		await makeCrowd(api.pool, 3_000);
		const { batch } = await batches.run({ kind: 'requireChange', filter: { status: 'active' } });
		const { rows } = await api.pool.query<{ count: string; accounts: string }>(
			`SELECT count(*) AS count, count(DISTINCT "subjectId") AS accounts FROM immich_auth.audit_event
			WHERE "batchId" = $1 AND "action" = 'user.requireChange'`,
			[batch.id]
		);
		expect(rows).toEqual([{ count: String(batch.done), accounts: String(batch.done) }]);
	});
});
