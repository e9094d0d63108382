import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import {
	accountShape,
	emailIssue,
	message,
	tooLongIssue,
	tooShortIssue,
	uuidIssue,
	validationFailed
} from '#tests/support/shapes.ts';

const api = useApi();
const update = async (method: string, id: string, body: unknown) => {
	const { token } = await api.accounts.signInAdmin();
	return api.request(method, `/api/admin/users/${id}`, { token, body });
};

describe.each(['PUT', 'PATCH'])('%s /admin/users/{id}', (method) => {
	it('returns 200 with every field, changed and stored', async () => {
		const { id } = await api.accounts.makeUser();
		const fields = {
			name: 'UU',
			storageLabel: `${method}-label`,
			quotaSizeInBytes: 5,
			avatarColor: 'amber',
			isAdmin: true
		};
		const email = `${method}-changed@example.test`;
		const reply = await update(method, id, { ...fields, email });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id, ...fields, email: email.toLowerCase() }));
		expect(await api.accounts.findUser(id)).toMatchObject({ name: 'UU', quotaSizeInBytes: 5n, isAdmin: true });
	});

	it('clears nullable fields', async () => {
		const { id } = await api.accounts.makeUser({
			quotaSizeInBytes: 5n,
			storageLabel: `${method}-clear`,
			avatarColor: 'red',
			pinCode: 'x'
		});
		const reply = await update(method, id, {
			quotaSizeInBytes: null,
			storageLabel: null,
			avatarColor: null,
			pinCode: null
		});
		expect(reply.body).toMatchObject({ quotaSizeInBytes: null, storageLabel: null });
		expect(await api.accounts.findUser(id)).toMatchObject({ avatarColor: null, pinCode: null, storageLabel: null });
	});

	it('turns an empty storage label into null', async () => {
		const { id } = await api.accounts.makeUser({ storageLabel: `${method}-empty` });
		expect((await update(method, id, { storageLabel: '' })).body).toMatchObject({ storageLabel: null });
	});

	it.each([
		['nothing', {}],
		['only what is unknown', { nonsense: 1, id: 'x', status: 'deleted', deletedAt: '2020-01-01', oauthId: 'x' }],
		['what is already so', { name: 'Same', isAdmin: false, quotaSizeInBytes: 7, shouldChangePassword: false }]
	])('returns 200 and writes nothing for %s', async (_, body) => {
		const user = await api.accounts.makeUser({ name: 'Same', quotaSizeInBytes: 7n });
		const reply = await update(method, user.id, body);
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id: user.id });
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('accepts the user’s own email in another case without changing it', async () => {
		const user = await api.accounts.makeUser();
		expect((await update(method, user.id, { email: user.email.toUpperCase() })).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('accepts the user’s own ID as the storage label, and no other user’s', async () => {
		const [{ id }, other] = [await api.accounts.makeUser(), await api.accounts.makeUser()];
		const foreign = await update(method, id, { storageLabel: other.id });
		expect([foreign.status, foreign.body]).toEqual([400, message('Storage label already in use by another account')]);
		expect((await update(method, id, { storageLabel: id })).body).toMatchObject({ storageLabel: id });
	});

	it('returns 400 for another user’s email and storage label, also a deleted user’s', async () => {
		const { id } = await api.accounts.makeUser();
		const storageLabel = `${method}-taken`;
		const other = await api.accounts.makeUser({ storageLabel, deletedAt: new Date(), status: 'deleted' });
		const email = await update(method, id, { email: other.email.toUpperCase() });
		expect([email.status, email.body]).toEqual([400, message('Email is not available')]);
		const label = await update(method, id, { storageLabel });
		expect([label.status, label.body]).toEqual([400, message('Storage label already in use by another account')]);
	});

	it('returns 400 User not found for an unknown and for a deleted user', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const id of ['00000000-0000-4000-a000-000000000000', deleted.id]) {
			const reply = await update(method, id, { name: 'x' });
			expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		}
		expect(await api.accounts.findUser(deleted.id)).toEqual(deleted);
	});

	it.each([
		['e-mail', { email: 'x' }, [emailIssue]],
		['7 characters of password', { password: '1234567' }, [tooShortIssue('password')]],
		['73 bytes of password', { password: 'x'.repeat(73) }, [tooLongIssue('password')]]
	])('returns 400 for a bad %s', async (_, body, issues) => {
		const { id } = await api.accounts.makeUser();
		const reply = await update(method, id, body);
		expect([reply.status, reply.body]).toEqual([400, validationFailed(...issues)]);
	});

	it('returns 400 for an invalid ID', async () => {
		const reply = await update(method, 'nope', {});
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});

	it('returns 400 if an admin changes their own admin status, and accepts it unchanged', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		await api.accounts.makeAdmin();
		const path = `/api/admin/users/${user.id}`;
		const reply = await api.request(method, path, { token, body: { isAdmin: false } });
		expect([reply.status, reply.body]).toEqual([400, message('Admin status can only be changed by another admin')]);
		expect((await api.request(method, path, { token, body: { isAdmin: true, name: 'Me' } })).status).toBe(200);
	});

	it('demotes another admin, effective immediately', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		expect((await update(method, user.id, { isAdmin: false })).body).toMatchObject({ isAdmin: false });
		expect((await api.request('GET', '/api/admin/users', { token })).body).toEqual(message('Forbidden'));
	});
});
