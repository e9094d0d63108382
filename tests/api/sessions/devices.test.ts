import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const page = '/account/devices';
const hourMs = 3_600_000;
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
const chrome = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36';
const SignedIn = z.object({ accessToken: z.string() });

async function login(email: string, userAgent: string): Promise<string> {
	const headers = { 'user-agent': userAgent };
	const reply = await api.request('POST', '/api/auth/login', { body: { email, password }, headers });
	return SignedIn.parse(reply.body).accessToken;
}

const newest = (userId: string) =>
	api.prisma.session.findFirstOrThrow({
		where: { userId },
		orderBy: { createdAt: 'desc' },
		include: { origin: true }
	});
const me = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status;
const end = (token: string, session: string, query = '?/end') =>
	api.submit(page + query, { session }, buildCookie(token));

describe('a sign-in', () => {
	it('marks devices that are new for the user, except the very first', async () => {
		const { id, email } = await api.accounts.makeUser();
		const marks: boolean[] = [];
		for (const agent of [firefox, firefox, chrome, 'immich-android/3.2.2', 'immich-android/3.2.3', chrome]) {
			await login(email, agent);
			const { origin } = await newest(id);
			expect(origin).toMatchObject({ signInAddress: '127.0.0.1', lastAddress: '127.0.0.1' });
			marks.push(origin?.newUntil !== null);
		}
		expect(marks).toEqual([false, false, true, true, false, false]);
	});

	it('knows devices after their sessions have ended', async () => {
		const { id, email } = await api.accounts.makeUser();
		for (const agent of [firefox, chrome]) await login(email, agent);
		await api.prisma.session.deleteMany({ where: { userId: id } });
		await login(email, chrome);
		expect((await newest(id)).origin?.newUntil).toBeNull();
	});

	it('treats devices of sessions started by Immich as known', async () => {
		const { id, email } = await api.accounts.makeUser();
		await api.accounts.makeSession(id, { deviceType: 'Firefox', deviceOS: 'Linux' });
		await login(email, firefox);
		expect((await newest(id)).origin?.newUntil).toBeNull();
		await login(email, chrome);
		const { newUntil } = (await newest(id)).origin ?? {};
		expect(Math.abs((newUntil?.getTime() ?? 0) - Date.now() - 7 * 24 * hourMs)).toBeLessThan(60_000);
	});
});

describe('a request', () => {
	it('updates the client info at most hourly, also for a session of Immich’s', async () => {
		const { user } = await api.accounts.signIn();
		const token = await api.accounts.makeSession(user.id, { updatedAt: new Date(Date.now() - 2 * hourMs) });
		expect(await me(token)).toBe(200);
		const origins = await api.prisma.sessionOrigin.findMany({ where: { session: { userId: user.id } } });
		expect(origins).toEqual([expect.objectContaining({ signInAddress: null, lastAddress: '127.0.0.1' })]);
	});
});

describe('the devices page', () => {
	it('lists this device separately, with the details of each, and children below their parent', async () => {
		const { email } = await api.accounts.makeUser();
		const token = await login(email, firefox);
		const other = await login(email, chrome);
		await api.request('POST', '/api/sessions', { token: other, body: { deviceType: 'Chromecast', duration: 60 } });
		const text = await openPage(api, page, token);
		for (const part of ['This device', 'Firefox on Linux', 'Chrome on Windows', '127.0.0.1', 'New device', 'Expires'])
			expect(text).toContain(part);
		expect(text).toContain('Started by Chrome on Windows');
		expect(text).toContain('2 other devices');
		expect(text.indexOf('Chrome on Windows')).toBeLessThan(text.indexOf('Chromecast'));
	});

	it('paginates, listing each once', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.pool.query(
			`INSERT INTO session ("userId", "token", "deviceType", "updatedAt")
			SELECT $1, 'x', 'Number ' || n || '.', now() - (n / 3) * interval '1 minute' FROM generate_series(1, 120) AS n`,
			[user.id]
		);
		const seen: string[] = [];
		let query = '';
		for (const size of [50, 50, 20]) {
			const text = await openPage(api, page + query, token);
			const found = [...text.matchAll(/Number \d+\.(?=<\/span>\s*<!--|<\/span>)/g)].map(([name]) => name);
			expect(new Set(found).size).toBe(size);
			seen.push(...new Set(found));
			query = `?after=${/[?&]after=([\w-]+)[^>]*rel="next"/.exec(text)?.[1] ?? 'none'}`;
		}
		expect(new Set(seen).size).toBe(120);
		expect(await openPage(api, `${page}?before=end`, token)).toContain('71–120 of 120');
		expect(await openPage(api, `${page}?after=nonsense`, token)).toContain('1–50 of 120');
	});

	it('ends one immediately with the form and returns to the same page', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeSession(user.id, { deviceType: 'Other' });
		const { id } = await newest(user.id);
		const reply = await end(token, id, '?/end&after=abc');
		expect([reply.status, reply.headers.location]).toEqual([303, `${page}?after=abc`]);
		expect([await me(other), await me(token)]).toEqual([401, 200]);
	});

	it('ends no other user’s', async () => {
		const { token } = await api.accounts.signIn();
		const stranger = await api.accounts.signIn();
		const reply = await end(token, (await newest(stranger.user.id)).id);
		expect(reply.status).toBe(400);
		expect(await me(stranger.token)).toBe(200);
		expect((await end(token, 'nonsense')).status).toBe(400);
	});

	it('ends all others', async () => {
		const { user, token } = await api.accounts.signIn();
		const others = [await api.accounts.makeSession(user.id), await api.accounts.makeSession(user.id)];
		const reply = await fillIn(api, page, token, { by: { action: '?/endOthers' } });
		expect([reply.status, reply.headers.location]).toEqual([303, page]);
		expect(await Promise.all(others.map(me))).toEqual([401, 401]);
		expect(await me(token)).toBe(200);
	});
});

describe('POST /sessions/{id}/dismiss-new-device', () => {
	async function withMark() {
		const { id, email } = await api.accounts.makeUser();
		const token = await login(email, firefox);
		await login(email, chrome);
		return { token, id, session: (await newest(id)).id };
	}
	const isMarked = async (id: string) => (await newest(id)).origin?.newUntil !== null;

	it('returns 204 and removes the mark', async () => {
		const { token, id, session } = await withMark();
		expect(await isMarked(id)).toBe(true);
		const reply = await api.request('POST', `/api/sessions/${session}/dismiss-new-device`, { token });
		expect(reply.status).toBe(204);
		expect(await isMarked(id)).toBe(false);
		expect(await openPage(api, page, token)).not.toContain('New device');
	});

	it('does so with the form', async () => {
		const { token, id } = await withMark();
		const reply = await fillIn(api, page, token, { by: { action: '?/dismiss' } });
		expect([reply.status, reply.headers.location]).toEqual([303, page]);
		expect(await isMarked(id)).toBe(false);
	});

	it('returns 400 for another user’s session and keeps its mark, which expires on its own', async () => {
		const { id, session, token } = await withMark();
		const stranger = await api.accounts.signIn();
		const path = `/api/sessions/${session}/dismiss-new-device`;
		const reply = await api.request('POST', path, { token: stranger.token });
		expect([reply.status, reply.body]).toEqual([400, message('Not found or no session.update access')]);
		expect(await isMarked(id)).toBe(true);
		await api.prisma.sessionOrigin.update({ where: { sessionId: session }, data: { newUntil: new Date() } });
		expect(await openPage(api, page, token)).not.toContain('New device');
	});
});
