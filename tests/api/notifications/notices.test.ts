import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { Notifications } from '#tests/support/notifications.ts';

const api = useApi();
const notifications = new Notifications(api);
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36';
const Reset = z.object({ password: z.string() });

const login = (email: string, userAgent: string, given = password) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given }, headers: { 'user-agent': userAgent } });
const listTitles = async (userId: string) => (await notifications.listReceived(userId)).map(({ title }) => title);

describe('a sign-in', () => {
	it('notifies of a new device, but not of the first or a known one, or a rejected sign-in', async () => {
		const { id, email } = await api.accounts.makeUser();
		for (const agent of [firefox, firefox]) await login(email, agent);
		expect(await notifications.listReceived(id)).toEqual([]);
		await login(email, chrome, 'wrong');
		expect(await notifications.listReceived(id)).toEqual([]);
		for (const agent of [chrome, chrome, firefox]) await login(email, agent);
		expect(await notifications.listReceived(id)).toEqual([
			{
				title: 'Sign-in from a new device',
				description: expect.stringContaining('with Chrome on Windows, from 127.0.0.1.') as unknown,
				level: 'warning',
				type: 'SystemMessage',
				data: { about: 'devices' }
			}
		]);
		await login(email, 'curl/8.5.0');
		expect((await notifications.listReceived(id))[1]?.description).toContain('with curl 8.5.0');
	});
});

describe('a password', () => {
	it('changed by its owner causes a notification, in both operations', async () => {
		const { user, token } = await api.accounts.signIn();
		const body = { password, newPassword: 'another password' };
		expect((await api.request('POST', '/api/auth/change-password', { token, body })).status).toBe(200);
		await api.prisma.user.update({ where: { id: user.id }, data: { shouldChangePassword: true } });
		await api.accounts.setPasswordState(user.id);
		const again = { password: 'yet another one' };
		expect((await api.request('PUT', '/api/users/me', { token, body: again })).status).toBe(200);
		expect(await listTitles(user.id)).toEqual(['Your password was changed', 'Your password was changed']);
	});

	it('that stays unchanged causes none', async () => {
		const { user, token } = await api.accounts.signIn();
		const body = { password: 'wrong', newPassword: 'another password' };
		expect((await api.request('POST', '/api/auth/change-password', { token, body })).status).toBe(400);
		await api.request('PUT', '/api/users/me', { token, body: { name: 'New' } });
		expect(await listTitles(user.id)).toEqual([]);
	});

	it('reset or set by an admin notifies its owner, without the password', async () => {
		const admin = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		const reset = await api.request('POST', `/api/admin/users/${id}/reset-password`, { token: admin.token, body: {} });
		const { password: temporary } = Reset.parse(reset.body);
		const body = { password: 'set by an administrator' };
		await api.request('PUT', `/api/admin/users/${id}`, { token: admin.token, body });
		expect(await listTitles(id)).toEqual(['Your password was reset', 'Your password was set']);
		const all = JSON.stringify(await api.prisma.notification.findMany());
		for (const secret of [temporary, body.password]) expect(all).not.toContain(secret);
		expect(await listTitles(admin.user.id)).toEqual([]);
	});

	it('of their own set by an admin there counts as changed', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		await api.request('PUT', `/api/admin/users/${user.id}`, { token, body: { password: 'a new password' } });
		expect(await listTitles(user.id)).toEqual(['Your password was changed']);
	});
});

describe('a PIN', () => {
	it('cleared by an admin causes a notification if one was set', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser({ pinCode: 'a hash' });
		for (const _ of [1, 2]) await api.request('DELETE', `/api/admin/users/${id}/pin-code`, { token });
		expect(await listTitles(id)).toEqual(['Your PIN was removed']);
	});

	it("set or cleared by an admin through Immich's API causes a notification", async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		for (const pinCode of ['123456', null])
			await api.request('PUT', `/api/admin/users/${id}`, { token, body: { pinCode } });
		expect(await listTitles(id)).toEqual(['Your PIN was set', 'Your PIN was removed']);
	});
});

describe("a user's own", () => {
	const pinCode = '123456';
	const title = async (change: (token: string, userId: string) => Promise<unknown>) => {
		const { user, token } = await api.accounts.signInAdmin();
		await change(token, user.id);
		return listTitles(user.id);
	};
	const call = async (token: string, method: string, path: string, body?: object) => {
		const reply = await api.request(method, `/api${path}`, { token, ...(body && { body }) });
		expect([200, 201, 204], reply.text).toContain(reply.status);
		return reply.body as { id: string };
	};
	const set = (token: string) => call(token, 'POST', '/auth/pin-code', { pinCode });

	it('PIN causes a notification when set, changed and removed', async () => {
		const titles = await title(async (token) => {
			await set(token);
			await call(token, 'PUT', '/auth/pin-code', { pinCode, newPinCode: '654321' });
			await call(token, 'DELETE', '/auth/pin-code', { pinCode: '654321' });
		});
		expect(titles).toEqual(['Your PIN was set', 'Your PIN was changed', 'Your PIN was removed']);
	});

	it("PIN causes one in admin operations too, once, as the user's own change", async () => {
		const { user, token } = await api.accounts.signInAdmin();
		await call(token, 'PUT', `/admin/users/${user.id}`, { pinCode });
		for (const _ of [1, 2]) await call(token, 'DELETE', `/admin/users/${user.id}/pin-code`);
		expect((await notifications.listReceived(user.id)).map(({ description }) => description)).toEqual([
			expect.stringContaining('You set a PIN.'),
			expect.stringContaining('You removed your PIN.')
		]);
	});

	it('PIN causes none when unchanged', async () => {
		const titles = await title(async (token) => {
			await set(token);
			const wrong = { pinCode: '000000', newPinCode: '654321' };
			expect((await api.request('PUT', '/api/auth/pin-code', { token, body: wrong })).status).toBe(400);
			expect((await api.request('POST', '/api/auth/pin-code', { token, body: { pinCode } })).status).toBe(400);
		});
		expect(titles).toEqual(['Your PIN was set']);
	});

	it('email causes one when changed together with the password', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		const body = { password: 'another password', email: 'together@example.test' };
		expect((await api.request('PUT', '/api/users/me', { token, body })).status).toBe(200);
		expect(await listTitles(user.id)).toEqual(['Your password was changed', 'Your email was changed']);
	});

	it('email changed by an admin in admin operations counts as changed by the user', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const other = await api.accounts.makeUser();
		await call(token, 'PUT', `/admin/users/${user.id}`, { email: 'own@example.test' });
		await call(token, 'PUT', `/admin/users/${other.id}`, { email: 'set@example.test' });
		const said = async (id: string) => (await notifications.listReceived(id)).map(({ description }) => description);
		expect(await said(user.id)).toEqual([expect.stringContaining('You sign in with your new email now.')]);
		expect(await said(other.id)).toEqual(['An administrator changed the email of your account.']);
	});

	it('session causes one when it creates another', async () => {
		expect(await title((token) => call(token, 'POST', '/sessions', {}))).toEqual(['New session for another device']);
	});

	const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
	it.each<[string, object, string[]]>([
		['another permission', { permissions: ['user.read', 'asset.read'] }, ['API key extended']],
		['all of them', { permissions: ['all'] }, ['API key extended']],
		['a later end', { expiresAt: day(20) }, ['API key extended']],
		['no end', { expiresAt: null }, ['API key extended']],
		['fewer permissions', { permissions: ['user.read'] }, []],
		['another name', { name: 'New' }, []],
		['an earlier end', { expiresAt: day(5) }, []]
	])('API key causes one if extended: %s', async (_, change, told) => {
		const titles = await title(async (token) => {
			const made = { permissions: ['user.read', 'user.update'], expiresAt: day(10) };
			const { id } = await call(token, 'POST', '/api-keys/details', made);
			await call(token, 'PUT', `/api-keys/${id}/details`, change);
		});
		expect(titles).toEqual(['New API key', ...told]);
	});

	it("API key causes one when rotated, or extended through Immich's API", async () => {
		const titles = await title(async (token) => {
			const { id } = await call(token, 'POST', '/api-keys', { permissions: ['user.read'] });
			await call(token, 'PUT', `/api-keys/${id}`, { name: 'New', permissions: ['user.read', 'user.update'] });
			await call(token, 'POST', `/api-keys/${id}/rotate`);
		});
		expect(titles).toEqual(['New API key', 'API key extended', 'API key replaced']);
	});
});

describe('a bulk action', () => {
	it('notifies its admin once, and each user of a reset', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const people = [await api.accounts.makeUser(), await api.accounts.makeUser()];
		const ids = [...people.map(({ id }) => id), user.id];
		const { batch } = await new Batches(api, token).run({ kind: 'resetPassword', ids });
		expect(await notifications.listReceived(user.id)).toEqual([
			{
				title: 'Finished: passwords reset',
				description: 'Of 3 users: 2 done, 1 skipped, 0 failed.',
				level: 'success',
				type: 'SystemMessage',
				data: { about: 'batch', id: batch.id }
			}
		]);
		for (const { id } of people) expect(await listTitles(id)).toEqual(['Your password was reset']);
	});

	it('warns if something failed', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		await new Batches(api, token).runImport('name,email\nA,a@example.test\nB,nonsense\n');
		expect(await notifications.listReceived(user.id)).toMatchObject([
			{ title: 'Finished: users imported', level: 'warning', description: 'Of 2 users: 1 done, 0 skipped, 1 failed.' }
		]);
	});
});

describe('old notifications', () => {
	const server = useApi({
		prepare: async ({ prisma }) => {
			const { id: clusterGroupId } = await prisma.clusterGroup.create({ data: {} });
			const { id: userId } = await prisma.user.create({ data: { email: 'old@example.test', clusterGroupId } });
			const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
			const row = { userId, type: 'Custom' };
			await prisma.notification.createMany({
				data: [
					{ ...row, title: 'deleted long ago', createdAt: daysAgo(5), deletedAt: daysAgo(4) },
					{ ...row, title: 'deleted', createdAt: daysAgo(5), deletedAt: daysAgo(2) },
					{ ...row, title: 'read long ago', createdAt: daysAgo(17), readAt: daysAgo(16) },
					{ ...row, title: 'read', createdAt: daysAgo(17), readAt: daysAgo(14) },
					{ ...row, title: 'old', createdAt: daysAgo(31) },
					{ ...row, title: 'unread', createdAt: daysAgo(29) }
				]
			});
		}
	});

	it('are removed: deleted ones after 3 days, read ones after 15, all after 30', async () => {
		const left = async () => (await server.prisma.notification.findMany()).map(({ title }) => title).sort();
		await expect.poll(left).toEqual(['deleted', 'read', 'unread']);
	});
});
