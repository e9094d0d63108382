import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { unknownId } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const Heatmap = z.strictObject({
	from: z.string(),
	to: z.string(),
	totalCount: z.int(),
	series: z.array(z.strictObject({ date: z.string(), count: z.int() }))
});
const range = 'from=2026-02-27&to=2026-03-02';
const at = (iso: string) => new Date(iso);

/** The same operation for a user and for an admin: caller, owner of the photos, and path. */
const doors = [
	{
		name: '/users/me/calendar-heatmap',
		open: async () => {
			const { user, token } = await api.accounts.signIn();
			return { token, ownerId: user.id, path: '/api/users/me/calendar-heatmap' };
		}
	},
	{
		name: '/admin/users/{id}/calendar-heatmap',
		open: async () => {
			const { token } = await api.accounts.signInAdmin();
			const { id: ownerId } = await api.accounts.makeUser();
			return { token, ownerId, path: `/api/admin/users/${ownerId}/calendar-heatmap` };
		}
	}
];

describe.each(doors)('GET $name', ({ open }) => {
	it('returns 200 with every day of the range, by UTC day of the upload', async () => {
		const { token, path, ownerId } = await open();
		const { id: otherId } = await api.accounts.makeUser();
		await api.prisma.asset.createMany({
			data: [
				buildPhoto(ownerId, { createdAt: at('2026-02-26T23:59:59.999Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-02-27T00:00:00Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-02-28T12:00:00Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-02-28T13:00:00Z'), type: 'VIDEO', visibility: 'archive' }),
				buildPhoto(ownerId, { createdAt: at('2026-03-02T23:59:59.999Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-03-03T00:00:00Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-02-28T12:00:00Z'), deletedAt: at('2026-03-01T00:00:00Z') }),
				buildPhoto(ownerId, { createdAt: at('2026-02-28T12:00:00Z'), visibility: 'locked' }),
				buildPhoto(ownerId, { createdAt: at('2026-02-28T12:00:00Z'), visibility: 'hidden' }),
				buildPhoto(otherId, { createdAt: at('2026-02-28T12:00:00Z') })
			]
		});
		const reply = await api.request('GET', `${path}?${range}`, { token });
		expect([reply.status, reply.body]).toEqual([
			200,
			{
				from: '2026-02-27',
				to: '2026-03-02',
				totalCount: 4,
				series: [
					{ date: '2026-02-27', count: 1 },
					{ date: '2026-02-28', count: 2 },
					{ date: '2026-03-01', count: 0 },
					{ date: '2026-03-02', count: 1 }
				]
			}
		]);
	});

	it('returns 200 by the day a photo was taken', async () => {
		const { token, path, ownerId } = await open();
		const localDateTime = at('2026-03-01T23:30:00Z');
		await api.prisma.asset.create({
			data: buildPhoto(ownerId, { localDateTime, createdAt: at('2026-02-27T00:00:00Z') })
		});
		const { body } = await api.request('GET', `${path}?${range}&type=Taken`, { token });
		const days = Heatmap.parse(body).series.filter(({ count }) => count > 0);
		expect(days).toEqual([{ date: '2026-03-01', count: 1 }]);
	});

	it('returns 200 with the 52 weeks up to today without a range', async () => {
		const { token, path, ownerId } = await open();
		await api.prisma.asset.create({ data: buildPhoto(ownerId, { createdAt: new Date() }) });
		const { from, to, totalCount, series } = Heatmap.parse((await api.request('GET', path, { token })).body);
		expect(to).toBe(new Date().toISOString().slice(0, 10));
		expect(series).toHaveLength(52 * 7 + 1);
		expect([series.at(0)?.date, series.at(-1)?.date, totalCount]).toEqual([from, to, 1]);
	});

	it('returns 200 up to today if only from is given, and 52 weeks back if only to is given', async () => {
		const { token, path } = await open();
		const since = Heatmap.parse((await api.request('GET', `${path}?from=2025-01-01`, { token })).body);
		expect([since.from, since.to]).toEqual(['2025-01-01', new Date().toISOString().slice(0, 10)]);
		const until = Heatmap.parse((await api.request('GET', `${path}?to=2024-12-29`, { token })).body);
		expect([until.from, until.to]).toEqual(['2023-12-31', '2024-12-29']);
		const oldest = await api.request('GET', `${path}?to=1000-01-01`, { token });
		expect(oldest.status).toBe(200);
		const newest = await api.request('GET', `${path}?from=9999-12-31`, { token });
		expect(newest.body).toMatchObject({ totalCount: 0, series: [{ date: '9999-12-31', count: 0 }] });
	});

	it.each(['from=2026-03-02&to=2026-03-01', 'from=1990-01-01&to=2026-01-01'])(
		'returns 400 for an invalid or too long range: %s',
		async (query) => {
			const { token, path } = await open();
			const reply = await api.request('GET', `${path}?${query}`, { token });
			expect([reply.status, reply.body]).toEqual([
				400,
				message('The range must begin before it ends and have at most 3660 days')
			]);
		}
	);

	it.each(['from=2026-02-30', 'to=today', 'from=', 'to=2026-1-1', 'from=2026-01-01T00:00:00Z', 'to=0001-01-01'])(
		'returns 400 for an invalid day: %s',
		async (query) => {
			const { token, path } = await open();
			const reply = await api.request('GET', `${path}?${query}`, { token });
			expect(reply.status).toBe(400);
			expect(reply.body).toMatchObject({ message: 'Validation failed', errors: [{ path: [query.split('=')[0]] }] });
		}
	);

	it('returns 400 with Immich’s messages for a wrong day and a wrong type', async () => {
		const { token, path } = await open();
		const reply = await api.request('GET', `${path}?from=x&type=taken`, { token });
		expect(reply.body).toMatchObject({
			errors: [
				{ code: 'invalid_format', message: 'Invalid input: expected ISO date string (YYYY-MM-DD), received string' },
				{ code: 'invalid_value', message: 'Invalid option: expected one of "Upload"|"Taken"' }
			]
		});
	});
});

describe('calendar heat maps', () => {
	it('are empty for an unknown ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', `/api/admin/users/${unknownId}/calendar-heatmap?${range}`, { token });
		expect(reply.body).toMatchObject({ totalCount: 0 });
	});
});
