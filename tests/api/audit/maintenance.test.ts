import { expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { anyIso } from '#tests/support/shapes.ts';

const api = useApi();
const mode = '/api/admin/maintenance';

/** Moves a time of the stored plan to 300 ms from now. */
const passes = (moment: 'startsAtMs' | 'endsAtMs') =>
	api.pool.query(
		`UPDATE immich_auth.setting SET "value" = jsonb_set("value", $1, to_jsonb($2::bigint)) WHERE "key" = 'maintenance'`,
		[`{${moment}}`, Date.now() + 300]
	);
const statusIs = (status: number) =>
	expect.poll(async () => (await api.request('GET', '/api/server/media-types')).status).toBe(status);

it('records maintenance with its actor: an admin, a token, or the clock', async () => {
	const { token: session } = await api.accounts.signInAdmin({ name: 'Ada' });
	const apiKey = await api.accounts.makeApiKey((await api.accounts.makeAdmin({ name: 'Kim' })).id);
	const call = async (method: string, path: string, body: unknown, credential: object = { token: session }) => {
		const reply = await api.request(method, mode + path, { ...credential, ...(body !== undefined && { body }) });
		expect(reply.status, reply.text).toBeLessThan(300);
		return reply.cookies[0]?.split(';')[0] ?? '';
	};

	await call('PUT', '/plan', { message: 'New disks', startsInMinutes: 30 });
	await call('PUT', '/plan', { message: 'New disks tonight', startsInMinutes: 60 });
	await call('DELETE', '/plan', undefined);
	const cookie = await call('PUT', '/plan', { startsInMinutes: 5, endsAfterMinutes: 10 }, { apiKey });
	await passes('startsAtMs');
	await statusIs(503);
	await call('POST', '/keep', { minutes: 30 }, { cookie });
	await call('POST', '', { action: 'end' }, { cookie });
	await call('POST', '', { action: 'start' });
	await passes('endsAtMs');
	await statusIs(200);

	const log = new AuditLog(api, session);
	await expect
		.poll(async () => (await log.story()).filter((line) => line.includes('maintenance')))
		.toEqual([
			'Ada: maintenance.announce',
			'Ada: maintenance.update',
			'Ada: maintenance.withdraw',
			'Kim: maintenance.announce',
			'no actor: maintenance.begin',
			'Kim: maintenance.update',
			'Kim: maintenance.end',
			'Ada: maintenance.begin',
			'no actor: maintenance.end'
		]);
	const [announced, , , byKey, begun, , ended] = (await log.read()).filter(({ action }) =>
		action.startsWith('maintenance')
	);
	expect(announced).toMatchObject({
		actor: { name: 'Ada' },
		subject: null,
		credential: { kind: 'session' },
		changes: { message: { from: '', to: 'New disks' }, startsAt: { from: null, to: anyIso } }
	});
	expect(byKey).toMatchObject({ actor: { name: 'Kim' }, credential: { kind: 'apiKey' } });
	expect(begun).toMatchObject({ actor: null, credential: null, address: null, correlationId: null });
	// A token names its holder but no user.
	expect(ended).toMatchObject({
		actor: { id: null, name: 'Kim', email: null },
		credential: { kind: 'maintenance', id: null },
		changes: null
	});
});
