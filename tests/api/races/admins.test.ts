import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { repeat } from '#tests/support/repeat.ts';

const api = useApi();
const activeAdmins = () => api.prisma.user.count({ where: { isAdmin: true, deletedAt: null } });

describe('50 concurrent sign-ups as the first admin', () => {
	it.each([
		['each by another e-mail', (index: number) => `admin-${index}@example.test`],
		['all by the same e-mail', () => 'admin@example.test']
	])('%s: one gets 201, the rest 400 or 503, and one row is stored', async (_, getEmail) => {
		await api.reset();
		const replies = await Promise.all(
			Array.from({ length: 50 }, (__, index) =>
				api.request('POST', '/api/auth/admin-sign-up', { body: { email: getEmail(index), password, name: 'A' } })
			)
		);
		const count = (status: number) => replies.filter((reply) => reply.status === status).length;
		expect(count(201)).toBe(1);
		expect(count(400) + count(503)).toBe(49);
		expect(await api.prisma.user.count()).toBe(1);
		expect(await api.prisma.clusterGroup.count()).toBe(1);
	});
});

describe('two admins who concurrently', () => {
	beforeEach(() => api.reset());

	const rivals = async () => {
		await api.reset();
		return [await api.accounts.signInAdmin(), await api.accounts.signInAdmin()] as const;
	};

	it.each([
		['demote each other', 'PUT', { isAdmin: false }],
		['delete each other', 'DELETE', {}],
		['delete each other by force', 'DELETE', { force: true }]
	])('%s: exactly one stays', async (_, method, body) => {
		await repeat(20, async () => {
			const [one, other] = await rivals();
			const replies = await Promise.all([
				api.request(method, `/api/admin/users/${other.user.id}`, { token: one.token, body }),
				api.request(method, `/api/admin/users/${one.user.id}`, { token: other.token, body })
			]);
			const statuses = replies.map(({ status }) => status).sort();
			expect(statuses[0]).toBe(200);
			expect([400, 401, 403]).toContain(statuses[1]);
			expect(await activeAdmins()).toBe(1);
		});
	});

	it('demote and delete each other: exactly one stays', async () => {
		await repeat(20, async () => {
			const [one, other] = await rivals();
			const replies = await Promise.all([
				api.request('PUT', `/api/admin/users/${other.user.id}`, { token: one.token, body: { isAdmin: false } }),
				api.request('DELETE', `/api/admin/users/${one.user.id}`, { token: other.token })
			]);
			expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
			expect(await activeAdmins()).toBe(1);
		});
	});
});

describe('an admin who is demoted during a request', () => {
	it('promotes no one afterwards', async () => {
		await repeat(10, async () => {
			await api.reset();
			const [thief, owner] = [await api.accounts.signInAdmin(), await api.accounts.signInAdmin()];
			const friend = await api.accounts.makeUser();
			const [promoted, demoted] = await Promise.all([
				api.request('PUT', `/api/admin/users/${friend.id}`, { token: thief.token, body: { isAdmin: true } }),
				api.request('PUT', `/api/admin/users/${thief.user.id}`, { token: owner.token, body: { isAdmin: false } })
			]);
			expect(demoted.status).toBe(200);
			const { isAdmin } = await api.accounts.findUser(friend.id);
			expect(isAdmin).toBe(promoted.status === 200);
		});
	});
});

describe('two users created concurrently with the same', () => {
	const create = (token: string, fields: object) =>
		api.request('POST', '/api/admin/users', { token, body: { name: 'U', password, ...fields } });

	it.each([
		['e-mail', (round: number) => [{ email: `same-${round}@x.test` }, { email: `SAME-${round}@x.test` }]],
		[
			'storage label',
			(round: number) => [
				{ email: `a-${round}@x.test`, storageLabel: `label-${round}` },
				{ email: `b-${round}@x.test`, storageLabel: `label-${round}` }
			]
		]
	])('%s: one gets 201 and one 400', async (_, buildBodies) => {
		const { token } = await api.accounts.signInAdmin();
		await repeat(10, async (round) => {
			const replies = await Promise.all(buildBodies(round).map((fields) => create(token, fields)));
			expect(replies.map(({ status }) => status).sort()).toEqual([201, 400]);
		});
	});

	it('email, by creation and by a user’s own change: one gets it, the other gets 400', async () => {
		const { token: adminToken } = await api.accounts.signInAdmin();
		await repeat(10, async (round) => {
			const { token } = await api.accounts.signIn();
			const email = `both-${round}@x.test`;
			const replies = await Promise.all([
				create(adminToken, { email }),
				api.request('PUT', '/api/users/me', { token, body: { email } })
			]);
			expect(replies.map(({ status }) => status).filter((status) => status === 400)).toHaveLength(1);
			expect(await api.prisma.user.count({ where: { email } })).toBe(1);
		});
	});
});

describe('a user who is deleted during', () => {
	it('a sign-in: nothing fails, and the session is unusable', async () => {
		const { token } = await api.accounts.signInAdmin();
		await repeat(10, async (round) => {
			const { id, email } = await api.accounts.makeUser();
			const [login] = await Promise.all([
				api.request('POST', '/api/auth/login', { body: { email, password } }),
				api.request('DELETE', `/api/admin/users/${id}`, { token, body: { force: round % 2 === 0 } })
			]);
			expect([201, 401]).toContain(login.status);
			const [cookie = ''] = login.cookies;
			expect((await api.request('GET', '/api/users/me', { cookie })).status).toBe(401);
		});
	});

	it('another deletion: one gets 200 and one 400', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const force of [false, true])
			await repeat(5, async () => {
				const { id } = await api.accounts.makeUser();
				const remove = () => api.request('DELETE', `/api/admin/users/${id}`, { token, body: { force } });
				const replies = await Promise.all([remove(), remove()]);
				expect(replies.map(({ status }) => status).sort()).toEqual([200, 400]);
			});
	});

	it('their own update or an admin’s: nothing fails', async () => {
		const { token: adminToken } = await api.accounts.signInAdmin();
		await repeat(20, async () => {
			const { user, token } = await api.accounts.signIn();
			const path = `/api/admin/users/${user.id}`;
			const [, ...replies] = await Promise.all([
				api.request('DELETE', path, { token: adminToken, body: { force: true } }),
				api.request('PUT', '/api/users/me', { token, body: { name: 'Changed' } }),
				api.request('PUT', '/api/users/me/onboarding', { token, body: { isOnboarded: true } }),
				api.request('PUT', path, { token: adminToken, body: { name: 'Changed' } }),
				api.request('POST', `${path}/force-password-change`, { token: adminToken })
			]);
			// A failure would name its operation in the message.
			for (const { status, text } of replies) expect(status, text).toBeLessThan(500);
		});
	});
});
