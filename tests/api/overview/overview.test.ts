import { beforeAll, describe, expect, it } from 'vitest';
import { OverviewDto, signInDays } from '#lib/contract/overview/overview.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog, inShort } from '#tests/support/audit.ts';

const api = useApi();
let admin: { token: string; id: string };

beforeAll(async () => {
	const { user, token } = await api.accounts.signIn({ name: 'Root', isAdmin: true });
	admin = { token, id: user.id };
});

const read = async () => {
	const reply = await api.request('GET', '/api/admin/overview', { token: admin.token });
	expect(reply.status, reply.text).toBe(200);
	return OverviewDto.parse(reply.body);
};

/** What a change adds to each count of users. */
async function countAdded(change: () => Promise<unknown>) {
	const before = await read();
	await change();
	const after = await read();
	const names = ['total', 'admins', 'neverSignedIn', 'mustChangePassword', 'passwordExpired', 'overQuota'] as const;
	return Object.fromEntries(
		names.flatMap((name) => {
			const added = after.users[name] - before.users[name];
			return added === 0 ? [] : [[name, added]];
		})
	);
}

const past = new Date(Date.now() - 60_000);

describe('the overview', () => {
	it('counts users who have never signed in', async () => {
		expect(await countAdded(() => api.accounts.makeUser())).toEqual({ total: 1, neverSignedIn: 1 });
	});

	it('counts admins', async () => {
		expect(await countAdded(() => api.accounts.makeUser({ isAdmin: true }))).toEqual({
			total: 1,
			admins: 1,
			neverSignedIn: 1
		});
	});

	it('does not count deleted users', async () => {
		const deleted = { deletedAt: new Date(), isAdmin: true, quotaSizeInBytes: 1n, quotaUsageInBytes: 2n };
		const { storage } = await read();
		expect(await countAdded(() => api.accounts.makeUser(deleted))).toEqual({});
		expect((await read()).storage).toEqual(storage);
		const makeSeen = async () => {
			const { id } = await api.accounts.makeUser(deleted);
			await api.prisma.userActivity.create({ data: { userId: id, lastSeenAt: new Date() } });
		};
		expect(await countAdded(makeSeen)).toEqual({});
	});

	it('counts required password changes and expired temporary passwords', async () => {
		const make = async (expiresAt: Date | null) => {
			const user = await api.accounts.makeUser({ shouldChangePassword: true });
			await api.prisma.passwordState.create({ data: { userId: user.id, setBy: admin.id, expiresAt } });
		};
		expect(await countAdded(() => make(null))).toEqual({ total: 1, neverSignedIn: 1, mustChangePassword: 1 });
		expect(await countAdded(() => make(past))).toEqual({
			total: 1,
			neverSignedIn: 1,
			mustChangePassword: 1,
			passwordExpired: 1
		});
	});

	it('counts users over quota, sums up the storage, and lists the fullest users', async () => {
		const before = (await read()).storage.used;
		const over = { name: 'Full', quotaSizeInBytes: 10n, quotaUsageInBytes: 5_000_000_000_011n };
		expect(await countAdded(() => api.accounts.makeUser(over))).toEqual({ total: 1, neverSignedIn: 1, overQuota: 1 });
		const { used, fullest } = (await read()).storage;
		expect(used - before).toBe(5_000_000_000_011);
		expect(fullest[0]).toMatchObject({ name: 'Full', used: 5_000_000_000_011, quota: 10 });
		expect(fullest.length).toBeLessThanOrEqual(5);
	});

	it('counts sign-ins of each day, with days without any', async () => {
		const user = await api.accounts.makeUser();
		const before = (await read()).signIns;
		expect(before).toHaveLength(signInDays);
		await api.request('POST', '/api/auth/login', { body: { email: user.email, password: 'wrong password' } });
		await api.accounts.signIn();
		const after = (await read()).signIns;
		expect(after.map(({ day }) => day)).toEqual(after.map(({ day }) => day).toSorted());
		const [last, lastBefore] = [after.at(-1), before.at(-1)];
		expect((last?.failed ?? 0) - (lastBefore?.failed ?? 0)).toBe(1);
	});

	it('counts sessions, and those of the mobile app', async () => {
		const { sessions: before } = await read();
		const { user } = await api.accounts.signIn();
		const session = { userId: user.id, token: Buffer.alloc(32, user.id), appVersion: '3.2.2' };
		await api.prisma.session.create({ data: session });
		const expired = { userId: user.id, token: Buffer.alloc(32, `${user.id}x`), appVersion: '3.2.2', expiresAt: past };
		await api.prisma.session.create({ data: expired });
		const { sessions } = await read();
		expect([sessions.total - before.total, sessions.apps - before.apps]).toEqual([2, 1]);
	});

	it('names users who are locked out, until an admin unlocks them', async () => {
		const user = await api.accounts.makeUser({ name: 'Lena Locked' });
		const fail = () =>
			api.request('POST', '/api/auth/login', { body: { email: user.email, password: 'wrong password' } });
		const isNamed = async () => (await read()).users.lockedOut.some(({ id }) => id === user.id);
		for (let attempt = 1; attempt < 20; attempt++) await fail();
		expect(await isNamed()).toBe(false);
		await fail();
		expect(await isNamed()).toBe(true);
		const unlock = `/api/admin/users/${user.id}/sign-in-attempts`;
		expect((await api.request('DELETE', unlock, { token: admin.token })).status).toBe(204);
		expect(await isNamed()).toBe(false);
	});
});

describe('the first steps', () => {
	it('are stored and audited', async () => {
		const steps = { isDismissed: true, isBackupPlanned: false };
		const reply = await api.request('PUT', '/api/admin/first-steps', { token: admin.token, body: steps });
		expect([reply.status, reply.body]).toEqual([200, steps]);
		const stored = await api.request('GET', '/api/admin/first-steps', { token: admin.token });
		expect(stored.body).toEqual(steps);
		const [event] = (await new AuditLog(api, admin.token).read(`user=${admin.id}`)).toReversed();
		expect(event && inShort(event)).toBe('Root: overview.firstSteps');
	});

	it.each([{}, { isDismissed: true }, { isDismissed: 'yes', isBackupPlanned: false }, null])(
		'returns 400 for %j',
		async (body) => {
			expect((await api.request('PUT', '/api/admin/first-steps', { token: admin.token, body })).status).toBe(400);
		}
	);
});

describe('the home page', () => {
	const open = async (token: string, path: string) => {
		const headers = { cookie: `immich_access_token=${token}`, accept: 'text/html' };
		return await fetch(new URL(path, api.url), { headers, redirect: 'manual' });
	};

	it('of admins shows what needs attention, with links to the filtered lists', async () => {
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		await api.prisma.passwordState.create({ data: { userId: user.id, setBy: admin.id, expiresAt: past } });
		const redirect = await open(admin.token, '/');
		expect([redirect.status, redirect.headers.get('location')]).toEqual([303, '/admin']);
		const text = await (await open(admin.token, '/admin')).text();
		expect(text).toContain('href="/admin/users?status=expired"');
		expect(text).toMatch(/temporary passwords? expired/);
	});

	it('of admins is closed to others', async () => {
		const { token } = await api.accounts.signIn();
		expect((await open(token, '/admin')).status).toBe(403);
	});
});

describe('the form of the first steps', () => {
	it('checks off the backup, and dismisses the list', async () => {
		const cookie = `immich_access_token=${admin.token}`;
		const read = async () => (await api.request('GET', '/api/admin/first-steps', { token: admin.token })).body;
		await api.submit('/admin?/firstSteps', { isBackupPlanned: 'on' }, cookie);
		expect(await read()).toEqual({ isDismissed: false, isBackupPlanned: true });
		await api.submit('/admin?/firstSteps', { isBackupPlanned: 'on', isDismissed: 'on' }, cookie);
		expect(await read()).toEqual({ isDismissed: true, isBackupPlanned: true });
	});
});
