import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { useApi } from '#tests/support/api.ts';
import type { Reply } from '#tests/support/http.ts';
import { jobStates } from '#tests/support/jobs.ts';
import { begin, comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { repeat } from '#tests/support/repeat.ts';

const api = useApi();
let oidc: Oidc;
let adminToken = '';
let people = 0;

beforeAll(async () => {
	oidc = await Oidc.start({ redirectUris: [redirectUri] });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc);
	adminToken = (await api.accounts.signInAdmin()).token;
});

/** Adds a user to the provider. */
function know(claims: Readonly<Record<string, unknown>> = {}): string {
	const subject = `newcomer-${++people}`;
	oidc.claims[subject] = { email: `${subject}@example.test`, email_verified: true, ...claims };
	return subject;
}

type Way = Awaited<ReturnType<typeof comeBack>>;

/** Completes sign-in flows concurrently, up to calling the callback. */
const startFlows = (subject: string, count: number): Promise<Way[]> =>
	Promise.all(Array.from({ length: count }, () => comeBack(api, oidc, subject)));

const finish = ({ url, cookie }: Way) => api.request('POST', '/api/oauth/callback', { body: { url }, cookie });

const getUserId = (reply: Reply) => LoginResponseDto.parse(reply.body).userId;

async function isAnySignedIn(replies: readonly Reply[]): Promise<boolean> {
	const tokens = replies.flatMap(({ body }) => LoginResponseDto.safeParse(body).data?.accessToken ?? []);
	const asked = await Promise.all(tokens.map((token) => api.request('GET', '/api/users/me', { token })));
	return asked.some(({ status }) => status === 200);
}

describe('concurrent first sign-ins', () => {
	it('of one user create one user row and ten sessions', async () => {
		await repeat(15, async () => {
			const subject = know({ preferred_username: 'same' });
			const replies = await Promise.all((await startFlows(subject, 10)).map(finish));
			expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
			const [userId = '', ...others] = new Set(replies.map(getUserId));
			expect(others).toEqual([]);
			expect(await api.accounts.countSessions(userId)).toBe(10);
			expect(await api.prisma.oAuthIdentity.count({ where: { subject } })).toBe(1);
			expect(await api.prisma.user.count({ where: { oauthId: subject } })).toBe(1);
			const registered = { action: 'oauth.register', subjectId: userId };
			expect(await api.prisma.auditEvent.count({ where: registered })).toBe(1);
		});
	});

	it('of two users with the same label give each a label of their own', async () => {
		await repeat(10, async (round) => {
			const claims = { preferred_username: `ann${round}` };
			const ways = await Promise.all([know(claims), know(claims)].map((subject) => comeBack(api, oidc, subject)));
			const ids = (await Promise.all(ways.map(finish))).map(getUserId);
			const users = await Promise.all(ids.map((id) => api.accounts.findUser(id)));
			expect(users.map(({ storageLabel }) => storageLabel).toSorted()).toEqual([`ann${round}`, `ann${round}-2`]);
		});
	});

	it('of six users with the same label all succeed', async () => {
		const subjects = Array.from({ length: 6 }, () => know({ preferred_username: 'crowd' }));
		const ways = await Promise.all(subjects.map((subject) => comeBack(api, oidc, subject)));
		const replies = await Promise.all(ways.map(finish));
		expect(replies.map(({ status }) => status)).toEqual(subjects.map(() => 201));
		expect(await api.prisma.user.count({ where: { storageLabel: { startsWith: 'crowd' } } })).toBe(6);
	});

	it('of two identities with the same email create a user for one of them', async () => {
		await repeat(5, async () => {
			const first = know();
			const second = know({ ...oidc.claims[first] });
			const ways = await Promise.all([first, second].map((subject) => comeBack(api, oidc, subject)));
			const replies = await Promise.all(ways.map(finish));
			expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 400]);
			expect(await api.prisma.user.count({ where: { oauthId: { in: [first, second] } } })).toBe(1);
		});
	});

	it('with the same response sent five times create one session', async () => {
		await repeat(5, async () => {
			const way = await comeBack(api, oidc, know());
			const replies = await Promise.all(Array.from({ length: 5 }, () => finish(way)));
			expect(replies.map(({ status }) => status).toSorted()).toEqual([201, 500, 500, 500, 500]);
		});
	});
});

describe('a sign-in concurrent with', () => {
	const unlinked = (userId: string) => api.prisma.oAuthIdentity.count({ where: { userId } });

	it.each([
		['its person’s being unlinked', 'DELETE', (id: string) => `/api/admin/users/${id}/oauth`],
		['unlinking all users', 'POST', () => '/api/admin/auth/unlink-all']
	])('%s: the unlinked user is linked again by email, or not at all', async (_, method, getPath) => {
		await repeat(10, async () => {
			const subject = know();
			const userId = getUserId(await signInBy(api, oidc, subject));
			// A user with a password is not linked by email, so later sign-ins cannot link it again.
			await api.prisma.user.update({ where: { id: userId }, data: { password: 'set' } });
			const ways = await startFlows(subject, 3);
			await api.prisma.session.deleteMany({ where: { userId } });
			const [removal, ...replies] = await Promise.all([
				api.request(method, getPath(userId), { token: adminToken }),
				...ways.map(finish)
			]);
			expect(removal.status).toBeLessThan(300);
			for (const { status } of replies) expect([201, 400]).toContain(status);
			expect(await unlinked(userId)).toBe(0);
			expect((await signInBy(api, oidc, subject)).status).toBe(400);
		});
	});

	it('deleting its user leaves no session', async () => {
		await repeat(10, async () => {
			const subject = know();
			const userId = getUserId(await signInBy(api, oidc, subject));
			const ways = await startFlows(subject, 3);
			const [removal, ...replies] = await Promise.all([
				api.request('DELETE', `/api/admin/users/${userId}`, { token: adminToken, body: {} }),
				...ways.map(finish)
			]);
			expect(removal.status).toBe(200);
			for (const { status } of replies) expect([201, 400]).toContain(status);
			expect(await isAnySignedIn(replies)).toBe(false);
			expect((await signInBy(api, oidc, subject)).status).toBe(400);
		});
	});
});

describe('sign-in flows that are never finished', () => {
	it('expire after ten minutes and are removed by the nightly job', async () => {
		const way = await comeBack(api, oidc, know());
		await begin(api);
		const inTime = await api.prisma.oAuthFlow.findMany();
		expect(inTime).toHaveLength(2);
		for (const { expiresAt } of inTime) {
			const leftMs = expiresAt.getTime() - Date.now();
			expect(leftMs).toBeGreaterThan(9 * 60_000);
			expect(leftMs).toBeLessThanOrEqual(10 * 60_000);
		}
		await api.prisma.oAuthFlow.updateMany({ data: { expiresAt: new Date(Date.now() - 1_000) } });
		expect((await finish(way)).status).toBe(500);
		expect(await api.prisma.oAuthFlow.count()).toBe(1);
		await begin(api);
		const body = { name: 'SessionCleanup' };
		const asked = await api.request('POST', '/api/queues/backgroundTask/jobs', { token: adminToken, body });
		expect(asked.status).toBe(204);
		await expect
			.poll(() => jobStates(api.pool, 'SessionCleanup'), { timeout: 20_000 })
			.toMatchObject([{ state: 'completed', result: '0 ended sessions removed, and 1 outdated rows' }]);
		expect(await api.prisma.oAuthFlow.count()).toBe(1);
	});
});
