import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { IdentityCache } from '#lib/server/features/access/identity-cache.ts';
import { createStore } from '#lib/server/app/store.ts';
import { testVault } from '#tests/support/vault.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});

afterAll(async () => {
	await database.close();
});

async function makeUser() {
	const { id: clusterGroupId } = await database.prisma.clusterGroup.create({ data: {} });
	return database.prisma.user.create({
		data: { clusterGroupId, email: `${randomUUID()}@example.com`, name: 'Before' }
	});
}

it('caches for at most 30 seconds, counted from the start of the query', async () => {
	let nowMs = 0;
	const identities = new IdentityCache(createStore({ ...database, vault: testVault }), { isLive: true }, () => nowMs);
	const { id } = await makeUser();
	const name = async () => (await identities.user(id))?.name;
	expect(await name()).toBe('Before');
	await database.prisma.user.update({ where: { id }, data: { name: 'After' } });
	nowMs = 29_999;
	expect(await name()).toBe('Before');
	nowMs = 30_000;
	expect(await name()).toBe('After');
	await database.prisma.user.delete({ where: { id } });
	nowMs = 60_000;
	expect(await name()).toBeUndefined();
});

it('caches nothing while the change feed is down', async () => {
	const identities = new IdentityCache(createStore({ ...database, vault: testVault }), { isLive: false });
	const { id } = await makeUser();
	const name = async () => (await identities.user(id))?.name;
	expect(await name()).toBe('Before');
	await database.prisma.user.update({ where: { id }, data: { name: 'After' } });
	expect(await name()).toBe('After');
});
