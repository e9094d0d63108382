import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { writeCursor } from '#lib/server/platform/paging/cursor.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { makeEvents } from '#tests/support/audit-crowd.ts';
import { readCsv } from '#tests/support/batches.ts';
import { message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const eventCount = 4_700;
const Listed = z.array(z.looseObject({ id: z.int(), action: z.string() }));
const Issues = z.object({ errors: z.array(z.object({ path: z.array(z.string()) })) });
let log: AuditLog;
let people: readonly string[];

beforeAll(async () => {
	const { token } = await api.accounts.signInAdmin({ name: 'Ada' });
	log = new AuditLog(api, token);
	people = await makeEvents(api.pool, { events: eventCount, people: 20 });
});

async function wanted(condition: string, values: unknown[] = []): Promise<number[]> {
	const { rows } = await api.pool.query<{ id: string }>(
		`SELECT "id" FROM immich_auth.audit_event WHERE ${condition} ORDER BY "at" DESC, "id" DESC`,
		values
	);
	return rows.map(({ id }) => Number(id));
}

/** Returns the event IDs of all pages. */
async function walk(query: string): Promise<number[]> {
	const ids: number[] = [];
	for (let next: string | null = ''; next !== null;) {
		const page = await log.page(`${query}&limit=200${next === '' ? '' : `&cursor=${next}`}`);
		ids.push(...page.events.map(({ id }) => id));
		next = page.next;
	}
	return ids;
}

describe('GET /admin/audit-events', () => {
	it('returns 200 with the newest fifty', async () => {
		const { events, next } = await log.page();
		expect(events.map(({ id }) => id)).toEqual((await wanted('TRUE')).slice(0, 50));
		expect(next).toMatch(/^[\w-]+$/);
	});

	it('returns each event once across pages, even with equal timestamps', async () => {
		expect(await walk('')).toEqual(await wanted('TRUE'));
	});

	it('filters by user, as actor or subject', async () => {
		const [person = ''] = people;
		const found = await walk(`user=${person}`);
		expect(found).toEqual(await wanted('"actorId" = $1 OR "subjectId" = $1', [person]));
		expect(found.length).toBeGreaterThan(200);
	});

	it.each([
		['action=auth.signIn', `"action" = 'auth.signIn'`],
		['outcome=refused', `"outcome" = 'refused'`],
		['outcome=done&action=user.update', `"outcome" = 'done' AND "action" = 'user.update'`],
		['address=10.0.0.7', `"address" = '10.0.0.7'`],
		['address=2001:DB8::1', 'FALSE'],
		['action=apiKey.delete', 'FALSE']
	])('filters by %s', async (query, condition) => {
		expect(await walk(query)).toEqual(await wanted(condition));
	});

	it('filters by time, including `from` and excluding `to`', async () => {
		const { events } = await log.page('limit=200');
		const [to = '', from = ''] = [events.at(20)?.at, events.at(120)?.at];
		expect(await walk(`from=${from}&to=${to}`)).toEqual(await wanted('"at" >= $1 AND "at" < $2', [from, to]));
	});

	it('combines all filters', async () => {
		const person = people[3] ?? '';
		const found = await walk(`user=${person}&action=auth.signIn&outcome=done`);
		expect(found).toEqual(
			await wanted(`("actorId" = $1 OR "subjectId" = $1) AND "action" = 'auth.signIn' AND "outcome" = 'done'`, [person])
		);
	});

	it.each([
		['user=nobody', 'user'],
		['action=explode', 'action'],
		['outcome=maybe', 'outcome'],
		['from=yesterday', 'from'],
		['to=2026-13-01', 'to'],
		['from=0000-01-01T00:00:00.000Z', 'from'],
		['address=localhost', 'address'],
		['address=10.0.0.0/8', 'address'],
		['cursor=nope', 'cursor'],
		['cursor=no.pe', 'cursor'],
		[`cursor=${writeCursor({ value: 'yesterday', id: '1' }, null)}`, 'cursor'],
		[`cursor=${writeCursor({ value: '2026-07-21 10:00:00+00', id: 'one' }, null)}`, 'cursor'],
		['limit=0', 'limit'],
		['limit=201', 'limit'],
		['limit=ten', 'limit']
	])('returns 400 for %s', async (query, field) => {
		const { status, body } = await log.call(query);
		expect(status).toBe(400);
		expect(Issues.parse(body).errors[0]?.path).toEqual([field]);
	});

	it("returns 400 in Immich's validation format", async () => {
		const { status, body } = await log.call('user=nobody');
		expect([status, body]).toEqual([400, validationFailed(uuidIssue('user'))]);
	});

	it('returns 200 with no events after the last one, and accepts a cursor at the end of time', async () => {
		const first = writeCursor({ value: '0001-01-01 00:00:00+00', id: '0' }, null);
		const last = writeCursor({ value: '9999-12-31 23:59:59.999999+00', id: '9'.repeat(18) }, null);
		expect((await log.page(`cursor=${first}`)).events).toEqual([]);
		expect((await log.page(`cursor=${last}`)).events).toHaveLength(50);
	});

	it('returns 403 for a key that can read users and sessions, since the log reveals more', async () => {
		const admin = await api.accounts.makeAdmin();
		const apiKey = await api.accounts.makeApiKey(admin.id, ['adminUser.read', 'adminSession.read']);
		const reply = await api.request('GET', '/api/admin/audit-events', { apiKey });
		expect([reply.status, reply.body]).toEqual([403, message('Missing required permission: all')]);
	});

	it('is not itself recorded', async () => {
		const before = await api.prisma.auditEvent.count();
		await log.page();
		await log.call('format=csv', '/export');
		expect(await api.prisma.auditEvent.count()).toBe(before);
	});
});

describe('GET /admin/audit-events/export', () => {
	it('returns 200 with a chunked CSV file of all matches', async () => {
		const reply = await log.call('format=csv&outcome=done', '/export');
		expect(reply.headers).toMatchObject({
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="audit-events.csv"'
		});
		const lines = readCsv(reply.text);
		expect(lines.map(({ id }) => Number(id))).toEqual(await wanted(`"outcome" = 'done'`));
		expect(lines.find(({ action }) => action === 'user.update')).toMatchObject({
			changes: '{"quotaSizeInBytes":{"from":null,"to":1000}}'
		});
	});

	it('returns 200 with a JSON file of all matches', async () => {
		const reply = await log.call(`format=json&user=${people[1] ?? ''}`, '/export');
		expect(reply.headers['content-disposition']).toBe('attachment; filename="audit-events.json"');
		expect(Listed.parse(reply.body).map(({ id }) => id)).toEqual(
			await wanted('"actorId" = $1 OR "subjectId" = $1', [people[1]])
		);
	});

	it.each(['', 'format=xml', 'format=csv&user=nobody'])("returns 400 for '%s'", async (query) => {
		expect((await log.call(query, '/export')).status).toBe(400);
	});
});
