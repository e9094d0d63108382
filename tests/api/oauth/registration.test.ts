import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const gib = 1024 ** 3;
let oidc: Oidc;
let adminToken = '';

beforeAll(async () => {
	const names = ['email', 'email_verified', 'name', 'preferred_username', 'immich_role', 'immich_quota'];
	const configuration = { claims: { openid: ['sub', ...names, 'groups', 'space', 'folder'] } };
	oidc = await Oidc.start({ redirectUris: [redirectUri], configuration });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	adminToken = (await api.accounts.signInAdmin({ storageLabel: 'admin' })).token;
});

/** Registers a user with these claims and returns the row and its audit events. */
async function register(claims: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, unknown>> = {}) {
	await configureOAuth(api, oidc, fields);
	return registerNext('ann', claims);
}

async function registerNext(subject: string, claims: Readonly<Record<string, unknown>>) {
	oidc.claims[subject] = { email: `${subject}@example.test`, email_verified: true, ...claims };
	const reply = await signInBy(api, oidc, subject);
	expect(reply.status, reply.text).toBe(201);
	const { userId } = LoginResponseDto.parse(reply.body);
	const events = await new AuditLog(api, adminToken).read(`user=${userId}`);
	const [registered] = events.filter(({ action }) => action === 'oauth.register');
	expect(registered).toMatchObject({
		outcome: 'done',
		actor: { id: userId },
		subject: { id: userId },
		credential: null
	});
	return { user: await api.accounts.findUser(userId), changes: registered?.changes ?? {} };
}

const from = (value: unknown) => ({ from: null, to: value });

describe('the role', () => {
	it.each([['admin'], [['admin']], [['photos', 'admin', 'user']]])('makes the user an admin for %j', async (role) => {
		const { user, changes } = await register({ immich_role: role });
		expect([user.isAdmin, changes.isAdmin]).toEqual([true, from(true)]);
	});

	it.each([
		['user'],
		['Admin'],
		[' admin'],
		['admin,user'],
		['administrator'],
		[''],
		[true],
		[1],
		[null],
		[{ admin: true }],
		[[]],
		[['Admin', ['admin']]],
		[undefined]
	])('does not make the user an admin for %j', async (role) => {
		const { user, changes } = await register({ immich_role: role });
		expect([user.isAdmin, changes.isAdmin]).toEqual([false, undefined]);
	});

	it('is read only from the configured claim', async () => {
		const { user } = await register({ immich_role: 'user', groups: ['staff', 'admin'] }, { roleClaim: 'groups' });
		expect(user.isAdmin).toBe(true);
		await configureOAuth(api, oidc, { roleClaim: '__proto__' });
		expect((await registerNext('bob', { immich_role: 'admin' })).user.isAdmin).toBe(false);
	});

	it('is read again at the next sign-in', async () => {
		const { user } = await register({ immich_role: 'user' });
		oidc.claims['ann'] = { ...oidc.claims['ann'], immich_role: 'admin' };
		expect((await signInBy(api, oidc, 'ann')).body).toMatchObject({ userId: user.id, isAdmin: true });
	});
});

describe('the first user', () => {
	beforeEach(() => api.reset());

	it.each([['user'], [undefined]])('gets 400 while there is no admin, with the role %j', async (role) => {
		await configureOAuth(api, oidc);
		oidc.claims['ann'] = { email: 'ann@example.test', email_verified: true, immich_role: role };
		const reply = await signInBy(api, oidc, 'ann');
		expect([reply.status, reply.body]).toEqual([400, message('The first registered account must the administrator.')]);
		expect(await api.prisma.user.count()).toBe(0);
	});

	it('gets 201 as an admin', async () => {
		await configureOAuth(api, oidc);
		oidc.claims['ann'] = { email: 'ann@example.test', email_verified: true, immich_role: 'admin' };
		expect((await signInBy(api, oidc, 'ann')).body).toMatchObject({ isAdmin: true });
	});
});

describe('the quota', () => {
	it.each([
		[5, 5 * gib],
		['5', 5 * gib],
		[' 5 ', 5 * gib],
		[0.5, gib / 2],
		[0, 0],
		['0', 0]
	])('is taken in GiB from %j', async (quota, bytes) => {
		const { user, changes } = await register({ immich_quota: quota }, { defaultStorageQuota: 7 });
		expect([user.quotaSizeInBytes, changes.quotaSizeInBytes]).toEqual([BigInt(bytes), from(bytes)]);
	});

	it.each([[-1], ['-1'], ['much'], [''], [' '], [null], [true], [[5]], [1e300], ['Infinity'], ['NaN'], [undefined]])(
		'falls back to the default for %j',
		async (quota) => {
			const { user, changes } = await register({ immich_quota: quota }, { defaultStorageQuota: 7 });
			expect([user.quotaSizeInBytes, changes.quotaSizeInBytes]).toEqual([BigInt(7 * gib), from(7 * gib)]);
		}
	);

	it.each([
		[null, null],
		[0, 0n]
	])('keeps a default of %j if the claim is missing', async (defaultStorageQuota, bytes) => {
		const { user, changes } = await register({}, { defaultStorageQuota });
		expect(user.quotaSizeInBytes).toBe(bytes);
		expect(changes.quotaSizeInBytes).toEqual(bytes === null ? undefined : from(0));
	});

	it('is read from the configured claim', async () => {
		const { user } = await register({ immich_quota: 1, space: 3 }, { storageQuotaClaim: 'space' });
		expect(user.quotaSizeInBytes).toBe(BigInt(3 * gib));
	});
});

describe('the storage label', () => {
	it.each([
		['ann', 'ann'],
		[' ann ', 'ann'],
		['an.n', 'ann'],
		['../../etc/passwd', 'etcpasswd'],
		['a/b\\c:d*e?f"g<h>i|j', 'abcdefghij'],
		['Zoe\u0308', 'Zo\u00eb'],
		['a\u0007b', 'ab'],
		['x'.repeat(300), 'x'.repeat(80)],
		[`${'x'.repeat(79)}😀`, 'x'.repeat(79)],
		['写'.repeat(300), '写'.repeat(80)]
	])('is taken from %j as %j', async (claim, label) => {
		const { user, changes } = await register({ preferred_username: claim });
		expect([user.storageLabel, changes.storageLabel]).toEqual([label, from(label)]);
	});

	it.each([
		['..'],
		['/'],
		['CON'],
		[''],
		[5],
		[['ann']],
		[null],
		['a\0b'],
		['0bdc8d3f-0a5e-4b3c-9d2f-6f1a2b3c4d5e'],
		['0BDC8D3F-0A5E-4B3C-9D2F-6F1A2B3C4D5E'],
		['0bdc8d3f-0a5e-4b3c-9d2f-6f1a2b3c.4d5e'],
		[undefined]
	])('is not taken from %j', async (claim) => {
		const { user, changes } = await register({ preferred_username: claim });
		expect([user.storageLabel, changes.storageLabel]).toEqual([null, undefined]);
	});

	it('is numbered if another user has it, even a deleted one', async () => {
		await api.accounts.makeUser({ storageLabel: 'ann', deletedAt: new Date(), status: 'deleted' });
		await api.accounts.makeUser({ storageLabel: 'ann-3' });
		const { user } = await register({ preferred_username: 'ann' });
		expect(user.storageLabel).toBe('ann-2');
		expect((await registerNext('bob', { preferred_username: 'a.n.n' })).user.storageLabel).toBe('ann-4');
	});

	it('is left out if fifty users have it, and the user signs in', async () => {
		await api.accounts.makeUser({ storageLabel: 'ann' });
		for (let number = 2; number <= 50; number++) await api.accounts.makeUser({ storageLabel: `ann-${number}` });
		expect((await register({ preferred_username: 'ann' })).user.storageLabel).toBeNull();
	});

	it('is read from the configured claim', async () => {
		const claims = { preferred_username: 'ann', folder: 'photos of ann' };
		expect((await register(claims, { storageLabelClaim: 'folder' })).user.storageLabel).toBe('photos of ann');
	});
});

describe('the name', () => {
	it.each([
		[{ name: ' Ann ', preferred_username: 'ann' }, 'Ann'],
		[{ name: '', preferred_username: 'ann' }, 'ann'],
		[{ name: 5 }, 'ann@example.test'],
		[{ name: 'a\0b' }, 'ann@example.test'],
		[{ name: 'x'.repeat(400) }, 'x'.repeat(255)],
		[{ name: `${'x'.repeat(254)}😀` }, 'x'.repeat(254)]
	])('%j', async (claims, name) => {
		const { user, changes } = await register(claims);
		expect([user.name, changes.name]).toEqual([name, from(name)]);
	});
});

describe('the email at later sign-ins', () => {
	it('is recorded as the provider sends it, but the user keeps their own', async () => {
		const { user } = await register({});
		for (const email of ['ann@elsewhere.test', 'ann@elsewhere.test', undefined, 'ann@example.test']) {
			oidc.claims['ann'] = { email, email_verified: true };
			expect((await signInBy(api, oidc, 'ann')).body).toMatchObject({ userId: user.id, userEmail: 'ann@example.test' });
			const { email: noted } = await api.prisma.oAuthIdentity.findFirstOrThrow({ where: { userId: user.id } });
			expect(noted).toBe(email ?? null);
		}
	});
});
