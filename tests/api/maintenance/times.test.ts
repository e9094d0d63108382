import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { cookieFrom, mode, plan, sign, tokenFrom, useMaintenance } from '#tests/support/maintenance.ts';
import { anyIso } from '#tests/support/shapes.ts';

const api = useApi();
const maintenance = useMaintenance(api);

describe('announced maintenance', () => {
	const notice = async (token: string) => (await api.request('GET', '/api/maintenance-notice', { token })).body;

	it('is shown to all signed-in users until it is withdrawn', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token } = await api.accounts.signIn();
		const body = { message: 'New disks', startsInMinutes: 30, expectedMinutes: 60, endsAfterMinutes: 120 };
		const reply = await api.request('PUT', plan, { token: admin, body });
		const view = { state: 'announced', message: 'New disks', startsAt: anyIso, expectedEndAt: anyIso, endsAt: anyIso };
		expect([reply.status, reply.body]).toEqual([200, view]);
		expect(await notice(token)).toEqual({ startsAt: anyIso, expectedEndAt: anyIso, message: 'New disks' });
		expect(await openPage(api, '/account/profile', token)).toContain('New disks');
		expect((await api.request('DELETE', plan, { token: admin })).status).toBe(204);
		expect(await notice(token)).toEqual({ startsAt: null, expectedEndAt: null, message: '' });
	});

	it('starts automatically and can be ended with the token issued for it', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { cookies } = await api.request('PUT', plan, { token: admin, body: { startsInMinutes: 30 } });
		await api.pool.query(
			`UPDATE immich_auth.setting SET "value" = jsonb_set("value", '{startsAtMs}', to_jsonb($1::bigint)) WHERE "key" = 'maintenance'`,
			[Date.now() + 300]
		);
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token: admin })).status).toBe(503);
		await expect.poll(async () => (await maintenance.stored()).isMaintenanceMode).toBe(true);
		const cookie = cookieFrom(cookies);
		expect((await api.request('POST', mode, { cookie, body: { action: 'end' } })).status).toBe(201);
		expect((await api.request('GET', '/api/users/me', { token: admin })).status).toBe(200);
	});
});

describe('the automatic end', () => {
	const endsAtMs = (ms: number) =>
		api.pool.query(
			`UPDATE immich_auth.setting SET "value" = jsonb_set("value", '{endsAtMs}', to_jsonb($1::bigint)) WHERE "key" = 'maintenance'`,
			[ms]
		);

	it('comes at its time, in memory and in the database', async () => {
		const { token } = await api.accounts.signInAdmin();
		const body = { startsInMinutes: 0, endsAfterMinutes: 60, message: 'Back soon' };
		expect((await api.request('PUT', plan, { token, body })).body).toMatchObject({ state: 'on', startsAt: null });
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(503);
		await endsAtMs(Date.now() + 300);
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		await expect.poll(async () => (await maintenance.stored()).isMaintenanceMode).toBe(false);
	});

	it('is postponed when maintenance is kept on', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const begun = await api.request('PUT', plan, { token: admin, body: { startsInMinutes: 0, endsAfterMinutes: 1 } });
		const token = tokenFrom(begun.cookies);
		const reply = await api.request('POST', `${mode}/keep`, { token, body: { minutes: 30 } });
		const { endsAt } = z.object({ endsAt: z.iso.datetime() }).parse(reply.body);
		expect(Date.parse(endsAt) - Date.now()).toBeGreaterThan(29 * 60_000);
		expect((await api.request('POST', `${mode}/keep`, { token, body: { minutes: 'x' } })).status).toBe(400);
		const changed = await api.request('PUT', plan, { token, body: { message: 'Takes longer' } });
		expect(changed.body).toMatchObject({ state: 'on', message: 'Takes longer', endsAt: null });
	});

	it('of an earlier period does not apply to one started by another program', async () => {
		await api.prisma.setting.create({
			data: { key: 'maintenance', value: { secret: 'old', message: 'Old', endsAtMs: Date.now() - 1_000 } }
		});
		await api.prisma.systemMetadata.create({
			data: { key: 'maintenance-mode', value: { isMaintenanceMode: true, secret: 'f'.repeat(128) } }
		});
		await expect.poll(async () => (await api.request('GET', '/api/server/media-types')).status).toBe(503);
		const token = await sign('f'.repeat(128), { username: 'cli-admin' });
		expect((await api.request('GET', plan, { token })).body).toMatchObject({ state: 'on', message: '', endsAt: null });
	});
});
