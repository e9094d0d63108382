import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused, signInAtLiar, type Refused } from '#tests/support/hostile-sign-in.ts';
import { configureOAuth } from '#tests/support/oauth.ts';

const api = useApi();
let provider: HostileProvider;
const withoutEmail = {
	status: 400,
	says: /^OAuth profile does not have an email address$/,
	reason: /didn’t return an email/
};
const refusedFor = (reason: RegExp): Refused => ({ status: 400, says: /^OAuth authentication failed$/, reason });

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	await api.accounts.makeAdmin({ email: 'admin@example.test' });
	provider.person = { sub: 'eve', email: 'kim@example.test', email_verified: true };
});

const refuse = (lies: Lies, refused: Refused) =>
	expectRefused(api, provider, () => signInAtLiar(api, provider, lies), refused);

describe('another user’s email', () => {
	it.each(['kim@example.test', 'KIM@Example.TEST', ' kim@example.test '])(
		'returns 201 for ‘%s’ once verified',
		async (email) => {
			const kim = await api.accounts.makeUser({ email: 'kim@example.test', password: null });
			expect((await signInAtLiar(api, provider, { claims: { email } })).body).toMatchObject({ userId: kim.id });
		}
	);

	it.each([
		['with a wide at sign', 'kim＠example.test'],
		['with a Cyrillic letter', 'kіm@example.test'],
		['with a dotless letter', 'kım@example.test'],
		['with the sign of the kelvin', '\u212Aim@example.test'],
		['with a wide letter', 'ｋim@example.test'],
		['with an unseen letter', 'ki\u200Bm@example.test'],
		['with a soft hyphen', 'ki\u00ADm@example.test'],
		['read from right to left', '\u202Ekim@example.test'],
		['with a dot at the end', 'kim@example.test.'],
		['with a blank inside', 'kim @example.test'],
		['with a line inside', 'kim@example.test\nX: y'],
		['with a zero at the end', 'kim@example.test\0'],
		['as one of two', 'kim@example.test,eve@example.test'],
		['with a name before it', 'Kim <kim@example.test>'],
		['with a host of digits and another at sign', 'kim@example.test@203.0.113.7'],
		['without a host', 'kim'],
		['in a list', ['kim@example.test']],
		['in an object', { value: 'kim@example.test' }],
		['as a number', 5],
		['as nothing', ''],
		['without end', `${'k'.repeat(300)}@example.test`]
	])('returns 400 %s', async (_, email) => {
		await api.accounts.makeUser({ email: 'kim@example.test', password: null });
		await refuse({ claims: { email }, profile: { email } }, withoutEmail);
	});

	it.each([
		['without a word on whether it is verified', undefined],
		['not verified', false],
		['verified as other text', 'yes'],
		['verified as a number', 1],
		['verified in a list', [true]],
		['verified as null', null]
	])('returns 400 %s', async (_, verified) => {
		await api.accounts.makeUser({ email: 'kim@example.test', password: null });
		await refuse({ claims: { email_verified: verified } }, refusedFor(/has not verified/));
		// The same if UserInfo has the email, not the token.
		const profile = { email: 'kim@example.test', email_verified: verified };
		await refuse({ claims: { email: undefined, email_verified: true }, profile }, refusedFor(/has not verified/));
	});

	it.each(['true', 'True', 'TRUE'])('returns 201 when verified by the text ‘%s’', async (said) => {
		const kim = await api.accounts.makeUser({ email: 'kim@example.test', password: null });
		const reply = await signInAtLiar(api, provider, { claims: { email_verified: said } });
		expect(reply.body).toMatchObject({ userId: kim.id });
	});

	it('is a different address with an accent next to a letter', async () => {
		const kim = await api.accounts.makeUser({ email: 'kim@example.test', password: null });
		const reply = await signInAtLiar(api, provider, { claims: { email: 'ki\u0301m@example.test' } });
		expect(reply.body).toMatchObject({ userEmail: 'kím@example.test' });
		expect(reply.body).not.toMatchObject({ userId: kim.id });
	});

	it.each([
		['müller@example.org', 'müller@example.org'],
		['MÜLLER@example.org', 'müller@example.org'],
		['jörg@bücher.example', 'jörg@bücher.example'],
		['jörg@xn--bcher-kva.example', 'jörg@bücher.example'],
		['kim@bücher.example', 'kim@xn--bcher-kva.example']
	])('returns 201 for ‘%s’ and the user ‘%s’', async (told, stored) => {
		const { id } = await api.accounts.makeUser({ email: stored, password: null });
		expect((await signInAtLiar(api, provider, { claims: { email: told } })).body).toMatchObject({ userId: id });
	});

	it('returns 400 for an admin, a user with a password, a deleted user, and one linked to another subject', async () => {
		await refuse({ claims: { email: 'admin@example.test' } }, refusedFor(/administrator is never linked/));
		const kim = await api.accounts.makeUser({ email: 'kim@example.test' });
		await refuse({}, refusedFor(/has a password/));
		await api.prisma.user.update({ where: { id: kim.id }, data: { password: null, oauthId: 'kim' } });
		await refuse({}, refusedFor(/linked to another user/));
		await api.prisma.user.update({ where: { id: kim.id }, data: { oauthId: '', deletedAt: new Date() } });
		await refuse({}, refusedFor(/deleted/));
	});
});

describe('a linked identity', () => {
	it('returns 400 once its user is deleted', async () => {
		expect((await signInAtLiar(api, provider, {})).status).toBe(201);
		await api.prisma.user.updateMany({ where: { email: 'kim@example.test' }, data: { deletedAt: new Date() } });
		await api.prisma.session.deleteMany();
		await refuse({}, refusedFor(/The account is deleted/));
	});
});

describe('an email that no user has', () => {
	it.each([
		['not verified', false],
		['not verified as text', 'false'],
		['verified as other text', 'yes'],
		['verified as empty text', ''],
		['verified as a number', 1]
	])('returns 400 and creates no user if it is %s', async (_, verified) => {
		await refuse({ claims: { email_verified: verified } }, refusedFor(/has not verified/));
	});
});

describe('a provider’s claims about a user', () => {
	it.each([
		['a role that merely looks like it', { immich_role: 'Admin' }],
		['a role in another role', { immich_role: 'admin,user' }],
		['a role as an object', { immich_role: { admin: true } }],
		['a role as true', { immich_role: true }]
	])('make no one an admin by %s', async (_, claims) => {
		expect((await signInAtLiar(api, provider, { claims })).body).toMatchObject({ isAdmin: false });
	});

	it.each([
		['less than nothing', -1],
		['no number', 'a lot'],
		['more than a number holds', 1e308],
		['a list', [5]]
	])('give the default quota for %s', async (_, quota) => {
		await configureOAuth(api, provider, { defaultStorageQuota: 3 });
		expect((await signInAtLiar(api, provider, { claims: { immich_quota: quota } })).status).toBe(201);
		const [person] = await api.prisma.user.findMany({ where: { isAdmin: false } });
		expect(person?.quotaSizeInBytes).toBe(3n * 1024n ** 3n);
	});

	it.each(['../../etc', '..', 'a/b', 'a\\b', 'nul\0', '\ud800', ' ', 'CON'])(
		'name no folder outside the user’s own by ‘%s’',
		async (label) => {
			expect((await signInAtLiar(api, provider, { claims: { preferred_username: label } })).status).toBe(201);
			const [person] = await api.prisma.user.findMany({ where: { isAdmin: false } });
			expect(person?.storageLabel ?? '').not.toMatch(/[./\\\0\ud800]|^\s|^con$/i);
		}
	);

	it('fetch no picture from a private network, but sign the user in', async () => {
		const claims = { picture: `${provider.issuer}/profile` };
		let asked = 0;
		const answers: Lies['answers'] = { profile: (response) => void (asked++, response.end()) };
		expect((await signInAtLiar(api, provider, { claims, answers })).status).toBe(201);
		expect(asked).toBe(0);
	});
});
