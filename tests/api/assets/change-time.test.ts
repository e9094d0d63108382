import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
const find = (id: string) => api.prisma.asset.findUnique({ where: { id }, include: { exif: true } });

describe('PUT /assets with times', () => {
	const put = (token: string, body: object) => api.request('PUT', '/api/assets', { token, body });
	const timesOf = async (id: string) => {
		const found = await find(id);
		return [found?.fileCreatedAt.toISOString(), found?.localDateTime.toISOString(), found?.exif?.timeZone ?? null];
	};

	async function signInWithRow() {
		const { user, token } = await api.accounts.signIn();
		const id = await new Sharing(api.prisma).makePhoto(user.id);
		return { user, token, id };
	}

	it('sets the time zone: the moment stays, the clock changes', async () => {
		const { token, id } = await signInWithRow();
		expect((await put(token, { ids: [id], timeZone: 'Asia/Kathmandu' })).status).toBe(204);
		expect(await timesOf(id)).toEqual(['2026-03-04T05:06:07.000Z', '2026-03-04T10:51:07.000Z', 'Asia/Kathmandu']);
		const body = { ids: [id], dateTimeRelative: 60, timeZone: 'America/St_Johns' };
		expect((await put(token, body)).status).toBe(204);
		expect(await timesOf(id)).toEqual(['2026-03-04T06:06:07.000Z', '2026-03-04T02:36:07.000Z', 'America/St_Johns']);
	});

	it('moves the time in the metadata too, and keeps the offset of an absolute one', async () => {
		const { token, id } = await signInWithRow();
		await put(token, { ids: [id], dateTimeOriginal: '2020-06-01T12:00:00-03:30' });
		expect(await timesOf(id)).toEqual(['2020-06-01T15:30:00.000Z', '2020-06-01T12:00:00.000Z', 'UTC-3:30']);
		await put(token, { ids: [id], dateTimeRelative: -30 });
		expect((await find(id))?.exif?.dateTimeOriginal?.toISOString()).toBe('2020-06-01T15:00:00.000Z');
		await put(token, { ids: [id], dateTimeOriginal: '2020-06-01T12:00:00Z' });
		expect(await timesOf(id)).toEqual(['2020-06-01T12:00:00.000Z', '2020-06-01T12:00:00.000Z', 'UTC']);
	});

	it.each(['Mars/Olympus', 'ABC+3', '+02:00', "UTC'", '', 'localtime\0'])(
		'refuses the time zone %j',
		async (timeZone) => {
			const { token, id } = await signInWithRow();
			expect((await put(token, { ids: [id], timeZone })).status).toBe(400);
		}
	);

	it('never leads out of the years that clients can show', async () => {
		const { user, token, id } = await signInWithRow();
		const early = await new Sharing(api.prisma).makePhoto(user.id);
		const before = [await timesOf(id), await timesOf(early)];
		const extremes = [
			{ dateTimeOriginal: '9999-12-31T23:59:59-10:00' },
			{ dateTimeOriginal: '1000-01-01T00:00:00+10:00' },
			{ dateTimeOriginal: '9999-12-31T23:00:00Z', dateTimeRelative: 90 },
			{ dateTimeOriginal: '9999-12-31T23:00:00Z', timeZone: 'Asia/Tokyo' },
			{ dateTimeOriginal: '1000-01-01T00:30:00Z', dateTimeRelative: -60 }
		];
		for (const extreme of extremes) {
			const reply = await put(token, { ids: [id, early], ...extreme });
			expect([reply.status, reply.body]).toEqual([400, message('The time must be in the years 1000 to 9999')]);
		}
		expect([await timesOf(id), await timesOf(early)]).toEqual(before);
		expect((await put(token, { ids: [id], dateTimeOriginal: '9999-12-31T23:59:59Z' })).status).toBe(204);
		expect((await api.request('GET', `/api/assets/${id}`, { token })).status).toBe(200);
	});

	it('sets and removes the group of duplicates, and 0 stars are none', async () => {
		const { token, id } = await signInWithRow();
		const duplicateId = randomUUID();
		await put(token, { ids: [id], duplicateId: duplicateId.toUpperCase(), rating: 3 });
		const read = async () => (await api.request('GET', `/api/assets/${id}`, { token })).body;
		expect(await read()).toMatchObject({ duplicateId, exifInfo: { rating: 3 } });
		await put(token, { ids: [id], duplicateId: null, rating: 0 });
		expect(await read()).toMatchObject({ duplicateId: null, exifInfo: { rating: null } });
	});
});
