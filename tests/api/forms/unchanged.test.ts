import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { fillIn } from '#tests/support/forms.ts';

const api = useApi();

/** Rows that are hard to round-trip through a form. */
const rows = {
	'with nothing but what must be': {},
	'with everything': {
		avatarColor: 'pink',
		storageLabel: 'with-everything',
		quotaSizeInBytes: 10_737_418_240n,
		quotaUsageInBytes: 12n,
		shouldChangePassword: false,
		pinCode: 'a hash',
		oauthId: 'sub',
		profileImagePath: '/data/me.webp'
	},
	'with an unround quota': { quotaSizeInBytes: 1_234_567_891n },
	'with a quota of nothing': { quotaSizeInBytes: 0n },
	'with a quota of one byte': { quotaSizeInBytes: 1n },
	'with the largest quota': { quotaSizeInBytes: BigInt(Number.MAX_SAFE_INTEGER) },
	'with a quota of 1.5 TB': { quotaSizeInBytes: 1_500_000_000_000n },
	'with a name that HTML means something by': { name: `<b>"Ada" & 'Bob'</b> &amp; &#39;` },
	'with a name in other scripts': { name: 'Zoë 李雷 😀 \u202eabc' },
	'with blanks around the name': { name: '  Ada  ' },
	'with a long name': { name: 'x'.repeat(100) },
	'with a label that needs care': { storageLabel: "Ümläut & 'label'" },
	'that never had a password': { password: null }
};

const postEdit = (id: string, token: string, changes: Record<string, string> = {}) =>
	fillIn(api, `/admin/users/${id}/edit`, token, { by: { field: 'quota' }, changes });

describe('a form posted unchanged without scripts changes nothing', () => {
	it.each(Object.entries(rows))("in the user's own profile, %s", async (name, fields) => {
		const label = 'storageLabel' in fields ? { storageLabel: `${fields.storageLabel} own` } : {};
		const { user, token } = await api.accounts.signIn({ ...fields, ...label });
		const reply = await fillIn(api, '/account/profile', token, { by: { field: 'avatarColor' } });
		expect(reply.status, name).toBe(303);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it.each(Object.entries(rows))('for a user %s', async (name, fields) => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser(fields);
		const reply = await postEdit(user.id, token);
		expect(reply.status, name).toBe(303);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('for another admin', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeAdmin();
		expect((await postEdit(user.id, token)).status).toBe(303);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it("for the admin's own user", async () => {
		const { user, token } = await api.accounts.signInAdmin();
		expect((await postEdit(user.id, token)).status).toBe(303);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('for a user with a password change required, including the password state', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { expiresAt: new Date(Date.now() + 60_000) });
		const before = await api.prisma.passwordState.findUnique({ where: { userId: user.id } });
		await postEdit(user.id, token);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect(await api.prisma.passwordState.findUnique({ where: { userId: user.id } })).toEqual(before);
	});
});

describe("the form of a user's features", () => {
	const findStored = (userId: string) =>
		api.prisma.userMetadata.findUnique({ where: { userId_key: { userId, key: 'preferences' } } });
	const post = (id: string, token: string, changes: Record<string, string | null> = {}) =>
		fillIn(api, `/admin/users/${id}`, token, { by: { field: 'embeddedVideos' }, changes });

	it('changes nothing if posted unchanged, whatever is stored', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const value of [null, {}, { memories: { enabled: false, duration: 9 }, tags: { enabled: true } }]) {
			const { id: userId } = await api.accounts.makeUser();
			if (value) await api.prisma.userMetadata.create({ data: { userId, key: 'preferences', value } });
			const before = await findStored(userId);
			const reply = await post(userId, token);
			expect([reply.status, reply.headers.location]).toEqual([303, `/admin/users/${userId}`]);
			expect(await findStored(userId)).toEqual(before);
		}
	});

	it('changes only what was edited', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id: userId } = await api.accounts.makeUser();
		const value = { memories: { duration: 9 }, tags: { sidebarWeb: true } };
		await api.prisma.userMetadata.create({ data: { userId, key: 'preferences', value } });
		await post(userId, token, { tags: 'on', people: null });
		expect((await findStored(userId))?.value).toEqual({
			memories: { duration: 9 },
			tags: { sidebarWeb: true, enabled: true },
			people: { enabled: false }
		});
	});
});

describe('a form changes what was edited', () => {
	it('and nothing else', async () => {
		const { token } = await api.accounts.signInAdmin();
		const fields = { quotaSizeInBytes: 7n, storageLabel: 'stays', avatarColor: 'red', pinCode: 'stays' };
		const user = await api.accounts.makeUser(fields);
		await postEdit(user.id, token, { name: 'Changed' });
		const after = await api.accounts.findUser(user.id);
		expect(after).toEqual({ ...user, name: 'Changed', updatedAt: after.updatedAt, updateId: after.updateId });
		expect(after.updatedAt.getTime()).toBeGreaterThan(user.updatedAt.getTime());
	});
});
