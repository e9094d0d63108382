import type { TestUser, Seed } from './accounts.ts';

/** Users in every state that pages show differently. */
export interface TestUsers {
	readonly ordinary: TestUser;
	readonly long: TestUser;
	readonly secondAdmin: TestUser;
	readonly deleted: TestUser;
	/** Has a temporary password. */
	readonly newcomer: TestUser;
}

const known = new WeakMap<Seed, Promise<TestUsers>>();

/** Creates them, once per server. */
export function getTestUsers(seed: Seed): Promise<TestUsers> {
	const people = known.get(seed) ?? makeTestUsers(seed);
	known.set(seed, people);
	return people;
}

async function makeTestUsers(seed: Seed): Promise<TestUsers> {
	const ordinary = await seed.makeUser({
		name: 'Olga Ordinary',
		quotaSizeInBytes: 10 * 2 ** 30,
		storageLabel: 'olga'
	});
	const long = await seed.makeUser({
		name: 'Chiara di Lampedusa-Montalbano von und zu Hohenstein',
		email: 'chiara.di.lampedusa-montalbano@photographs.subdomain.example.test',
		quotaSizeInBytes: 500 * 2 ** 20
	});
	const secondAdmin = await seed.makeUser({ name: 'Ben Admin', isAdmin: true });
	const deleted = await seed.makeUser({ name: 'Dora Deleted' });
	await seed.call('DELETE', `/admin/users/${deleted.id}`, {});
	const newcomer = await seed.makeUser({ name: 'Nora Newcomer', shouldChangePassword: true });
	return { ordinary, long, secondAdmin, deleted, newcomer };
}
