import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { unknownId } from '#tests/support/operations.ts';

const api = useApi();
const path = '/api/admin/sessions';
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const Page = z.object({
	sessions: z.array(
		z.object({
			id: z.string(),
			current: z.boolean(),
			lastAddress: z.string().nullable(),
			user: z.object({ id: z.string() })
		})
	),
	next: z.string().nullable()
});
const Ended = z.object({ sessionsEnded: z.number() });

interface Made {
	readonly device?: { deviceType?: string; deviceOS?: string; appVersion?: string };
	readonly address?: string;
	readonly clientName?: string;
	readonly days?: number;
}

/** Creates a session and returns its ID. */
async function makeSession(userId: string, { device = {}, address, clientName, days = 0 }: Made = {}): Promise<string> {
	await api.accounts.makeSession(userId, device);
	const { id } = await api.prisma.session.findFirstOrThrow({ where: { userId }, orderBy: { createdAt: 'desc' } });
	// The trigger sets the time of the change.
	await api.pool.query('ALTER TABLE "session" DISABLE TRIGGER USER');
	await api.prisma.session.update({ where: { id }, data: { updatedAt: daysAgo(days) } });
	await api.pool.query('ALTER TABLE "session" ENABLE TRIGGER USER');
	const origin = { lastAddress: address ?? null, clientName: clientName ?? null };
	await api.prisma.sessionOrigin.upsert({
		where: { sessionId: id },
		create: { sessionId: id, ...origin },
		update: origin
	});
	return id;
}

const find = async (token: string, query: Record<string, string>) =>
	Page.parse((await api.request('GET', `${path}?${new URLSearchParams(query).toString()}`, { token })).body);
const idsOf = async (token: string, query: Record<string, string>) =>
	(await find(token, query)).sessions.map(({ id }) => id).sort();
const end = (token: string, body: object) => api.request('POST', `${path}/end`, { token, body });
const alive = async (ids: readonly string[]) =>
	(await api.prisma.session.findMany({ where: { id: { in: [...ids] } } })).map(({ id }) => id).sort();

describe('GET /admin/sessions', () => {
	it('finds sessions by user, device, app version, address and idle time', async () => {
		const { token } = await api.accounts.signInAdmin();
		const ann = await api.accounts.makeUser({ name: 'Ann 100% Searched', email: 'ann.searched@example.test' });
		const bob = await api.accounts.makeUser({ name: 'Bob' });
		const fox = await makeSession(ann.id, {
			device: { deviceType: 'Firefox', deviceOS: 'Linux' },
			address: '192.0.2.1'
		});
		const app = await makeSession(ann.id, {
			device: { deviceOS: 'iOS', appVersion: '3.2.17' },
			address: '192.0.2.17',
			days: 9
		});
		const cli = await makeSession(bob.id, { device: { deviceType: 'Node' }, clientName: 'Photo frame', days: 2 });
		const bare = await api.accounts.makeUser().then(async ({ id }) => ({ id, session: await makeSession(id) }));
		const found: [Record<string, string>, string[]][] = [
			[{ q: '100% search' }, [fox, app]],
			[{ q: 'ANN.searched@' }, [fox, app]],
			[{ q: ann.id }, [fox, app]],
			[{ q: app }, [app]],
			[{ q: '100_ search' }, []],
			[{ device: 'firefox on lin' }, [fox]],
			[{ device: 'immich app 3.2' }, [app]],
			[{ device: 'frame' }, [cli]],
			[{ device: 'on', q: bare.id }, []],
			[{ device: 'unknown', q: bare.id }, [bare.session]],
			[{ appVersion: '3.2.1' }, [app]],
			[{ appVersion: '.2' }, []],
			[{ address: '192.0.2.1' }, [fox]],
			[{ address: '192.0.2.' }, [fox, app]],
			[{ address: '_92.0.2.1' }, []],
			[{ idleDays: '7' }, [app]],
			[{ idleDays: '2' }, [app, cli]],
			[{ q: 'ann', device: 'ios', appVersion: '3', address: '192', idleDays: '9' }, [app]]
		];
		for (const [query, ids] of found) expect([query, await idsOf(token, query)]).toEqual([query, ids.sort()]);
	});

	it('pages through all of them, most recently used first, and marks the caller’s', async () => {
		const { token, user } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		const made: string[] = [];
		for (const days of [5, 4, 3, 2, 1]) made.unshift(await makeSession(id, { days }));
		const seen: string[] = [];
		let cursor: string | null = null;
		do {
			const page: z.output<typeof Page> = await find(token, { q: id, limit: '2', ...(cursor !== null && { cursor }) });
			seen.push(...page.sessions.map((session) => session.id));
			cursor = page.next;
		} while (cursor !== null);
		expect(seen).toEqual(made);
		const [own] = (await find(token, { q: user.id })).sessions;
		expect([own?.current, own?.user.id]).toEqual([true, user.id]);
	});

	it('lists no session that is past its age, expired, or of a deleted user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser();
		const deleted = await api.accounts.makeUser({ deletedAt: new Date() });
		await makeSession(deleted.id);
		await makeSession(user.id, { days: 3_000 });
		await api.accounts.makeSession(user.id, { expiresAt: daysAgo(1) });
		for (const { id } of [user, deleted]) expect(await idsOf(token, { q: id })).toEqual([]);
	});

	it('returns 400 for invalid values and 403 for others', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const query of ['cursor=nonsense!', 'cursor=abcd', 'idleDays=0', 'idleDays=x', 'limit=201', 'q=%00'])
			expect([query, (await api.request('GET', `${path}?${query}`, { token })).status]).toEqual([query, 400]);
		const other = await api.accounts.signIn();
		expect((await api.request('GET', path, { token: other.token })).status).toBe(403);
	});
});

describe('POST /admin/sessions/end', () => {
	it('ends chosen sessions of several users, with one event for each user, and never the caller’s', async () => {
		const admin = await api.accounts.signInAdmin();
		const own = await api.prisma.session.findFirstOrThrow({ where: { userId: admin.user.id } });
		const [ann, bob] = [await api.accounts.makeUser(), await api.accounts.makeUser()];
		const chosen = [await makeSession(ann.id), await makeSession(ann.id), await makeSession(bob.id)];
		const kept = await makeSession(bob.id);
		const reply = await end(admin.token, { ids: [...chosen, own.id, unknownId] });
		expect([reply.status, Ended.parse(reply.body)]).toEqual([200, { sessionsEnded: 3 }]);
		expect(await alive([...chosen, kept, own.id])).toEqual([kept, own.id].sort());
		const events = await new AuditLog(api, admin.token).read('action=session.endChosen');
		const counts = events.map(({ subject, changes }) => [subject?.id, changes?.['sessionsEnded']?.to]);
		expect(new Map(counts as [string, number][])).toEqual(
			new Map([
				[ann.id, 2],
				[bob.id, 1]
			])
		);
		expect(new Set(events.map(({ correlationId }) => correlationId)).size).toBe(1);
	});

	it('ends what matches a filter, and nothing else', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser();
		const old = [await makeSession(user.id, { days: 40 }), await makeSession(user.id, { days: 31 })];
		const recent = await makeSession(user.id, { days: 29 });
		const reply = await end(token, { filter: { q: user.id, idleDays: 30 } });
		expect(Ended.parse(reply.body)).toEqual({ sessionsEnded: 2 });
		expect(await alive([...old, recent])).toEqual([recent]);
	});

	it('returns 400 for a filter without a condition, a misspelled one, and for nothing or both', async () => {
		const { token } = await api.accounts.signInAdmin();
		const id = await makeSession((await api.accounts.makeUser()).id);
		const bodies = [
			{},
			{ filter: {} },
			{ filter: { q: ' ' } },
			{ filter: { q: 'a', idleDay: 30 } },
			{ filter: { idleDays: 0 } },
			{ ids: [] },
			{ ids: [id], filter: { q: id } }
		];
		for (const body of bodies) expect([body, (await end(token, body)).status]).toEqual([body, 400]);
		expect(await alive([id])).toEqual([id]);
	});
});

describe('the sessions page', () => {
	it('ends one, the selected and all that match, and returns to the filter', async () => {
		const { token } = await api.accounts.signInAdmin();
		const user = await api.accounts.makeUser({ name: 'Paul Page' });
		const [one, two] = [await makeSession(user.id), await makeSession(user.id)];
		const rest = [await makeSession(user.id, { days: 8 }), await makeSession(user.id, { days: 8 })];
		const list = `/admin/sessions?q=${user.id}`;
		expect(await openPage(api, list, token)).toContain('Sign out all matching devices…');
		const send = (fields: Record<string, string>) =>
			api.submit(`/admin/sessions?/end&q=${user.id}`, fields, buildCookie(token));
		const ended = await send({ session: one });
		expect([ended.status, ended.headers.location]).toEqual([303, list]);
		expect(await alive([one, two])).toEqual([two]);
		const none = await send({});
		expect([none.status, none.text.includes('Select at least one device')]).toEqual([400, true]);
		const matching = `/admin/sessions/matching?q=${user.id}&idleDays=7`;
		expect(await openPage(api, matching, token)).toContain('This signs out 2 devices of 1 user');
		const all = await fillIn(api, matching, token, { by: { field: 'isAllMatching' } });
		expect([all.status, all.headers.location]).toEqual([303, '/admin/sessions']);
		expect(await alive([two, ...rest])).toEqual([two]);
		expect(await openPage(api, matching, token)).toContain('No other sessions match');
	});

	it('leads to signing everyone out if there is no filter', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', '/admin/sessions/matching?q=', { headers: { cookie: buildCookie(token) } });
		expect([reply.status, reply.headers.location]).toEqual([303, '/admin/sessions/everyone']);
	});
});
