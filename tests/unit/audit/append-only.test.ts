import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '#lib/server/app/store.ts';
import type { Store } from '#lib/server/app/store.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { testVault } from '#tests/support/vault.ts';

let database: TestDatabase;
let store: Store;

const origin = { address: '192.0.2.1', client: null, correlationId: 'c' };
const record = (audit: Store['audit']) =>
	audit.record({ action: 'license.set', actor: null, credential: null, clientInfo: origin });

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
	await record(store.audit);
});

afterAll(() => database.close());

describe('immich_auth.audit_event', () => {
	it.each([
		[`UPDATE immich_auth.audit_event SET "reason" = 'another'`],
		[`UPDATE immich_auth.audit_event SET "reason" = 'another' WHERE FALSE`],
		['DELETE FROM immich_auth.audit_event'],
		['TRUNCATE immich_auth.audit_event'],
		['TRUNCATE immich_auth.audit_event RESTART IDENTITY CASCADE'],
		[
			`INSERT INTO immich_auth.audit_event SELECT * FROM immich_auth.audit_event
			ON CONFLICT ("at", "id") DO UPDATE SET "reason" = 'another'`
		],
		[`MERGE INTO immich_auth.audit_event AS event USING (SELECT 1) AS one ON TRUE WHEN MATCHED THEN DELETE`]
	])('refuses %s', async (sql) => {
		await expect(database.pool.query(sql)).rejects.toThrow(/append-only/);
		expect(await database.prisma.auditEvent.findMany({ select: { reason: true } })).toEqual([{ reason: null }]);
	});

	it('keeps an event after its user is deleted', async () => {
		const user = await database.prisma.user.create({
			data: { email: 'bob@example.test', name: 'Bob', clusterGroup: { create: {} } }
		});
		await store.audit.record({
			action: 'user.create',
			actor: null,
			subject: user,
			credential: null,
			clientInfo: origin
		});
		await database.prisma.user.delete({ where: { id: user.id } });
		expect(await store.audit.list({ user: user.id }, { isDescending: true }, 10)).toMatchObject([
			{ subjectName: 'Bob', subjectEmail: 'bob@example.test' }
		]);
	});

	it('has no events of a rolled-back transaction', async () => {
		const before = await database.prisma.auditEvent.count();
		const failing = store.transaction(async ({ audit }) => {
			await record(audit);
			throw new Error('no');
		});
		await expect(failing).rejects.toThrow('no');
		expect(await database.prisma.auditEvent.count()).toBe(before);
	});

	it('drops every field that is not on the list of recorded fields', async () => {
		const told: object = {
			name: { from: 'Bob', to: 'x'.repeat(2_000) },
			password: { from: 'old secret', to: 'new secret' },
			pinCodeHash: { from: null, to: 'hash' },
			'preferences.tags.enabled': { from: false, to: true }
		};
		await store.audit.record({
			action: 'user.update',
			actor: null,
			credential: null,
			clientInfo: { ...origin, correlationId: 'told' },
			changes: told
		});
		const { changes } = await database.prisma.auditEvent.findFirstOrThrow({ where: { correlationId: 'told' } });
		expect(changes).toEqual({
			name: { from: 'Bob', to: 'x'.repeat(500) },
			'preferences.tags.enabled': { from: false, to: true }
		});
	});
});
