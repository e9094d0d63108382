import type { Person, Seed } from './accounts.ts';

/** Users in every state that pages show differently. */
export interface People {
	readonly ordinary: Person;
	readonly long: Person;
	readonly secondAdmin: Person;
	readonly deleted: Person;
	/** Has a temporary password. */
	readonly newcomer: Person;
}

const known = new WeakMap<Seed, Promise<People>>();

/** Creates them, once per server. */
export function peopleOf(seed: Seed): Promise<People> {
	const people = known.get(seed) ?? makePeople(seed);
	known.set(seed, people);
	return people;
}

async function makePeople(seed: Seed): Promise<People> {
	const ordinary = await seed.makePerson({
		name: 'Olga Ordinary',
		quotaSizeInBytes: 10 * 2 ** 30,
		storageLabel: 'olga'
	});
	const long = await seed.makePerson({
		name: 'Chiara di Lampedusa-Montalbano von und zu Hohenstein',
		email: 'chiara.di.lampedusa-montalbano@photographs.subdomain.example.test',
		quotaSizeInBytes: 500 * 2 ** 20
	});
	const secondAdmin = await seed.makePerson({ name: 'Ben Admin', isAdmin: true });
	const deleted = await seed.makePerson({ name: 'Dora Deleted' });
	await seed.call('DELETE', `/admin/users/${deleted.id}`, {});
	const newcomer = await seed.makePerson({ name: 'Nora Newcomer', shouldChangePassword: true });
	return { ordinary, long, secondAdmin, deleted, newcomer };
}
