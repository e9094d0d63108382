import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStore, type Store } from '#lib/server/app/store.ts';
import { createTestDatabase, type TestDatabase } from '#tests/support/database.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
	database = await createTestDatabase();
	store = createStore({ ...database, vault: testVault });
});

afterAll(() => database.close());

it('of two transactions that wait for each other, one is asked to try again', async () => {
	const sharing = new Sharing(database.prisma);
	const owner = await sharing.makeUser();
	const [one, two] = [await sharing.makePhoto(owner), await sharing.makePhoto(owner)];
	let arrived = 0;
	let release = () => undefined as void;
	const bothHaveOne = new Promise<void>((resolve) => (release = resolve));
	const trash = (first: string, second: string) =>
		store.transaction(async ({ assetTrash }) => {
			await assetTrash.trash([first]);
			if (++arrived === 2) release();
			await bothHaveOne;
			return assetTrash.trash([second]);
		});
	const results = await Promise.allSettled([trash(one, two), trash(two, one)]);
	expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
	const failed = results.find((result) => result.status === 'rejected');
	expect(failed?.reason).toMatchObject({ status: 503 });
});
