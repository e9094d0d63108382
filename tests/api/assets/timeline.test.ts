import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
const Columns = z.looseObject({
	id: z.array(z.string()),
	ratio: z.array(z.number()),
	isFavorite: z.array(z.boolean())
});
const taken = (iso: string) => ({ localDateTime: new Date(iso), fileCreatedAt: new Date(iso) });

async function create() {
	const { user, token } = await api.accounts.signIn();
	const sharing = new Sharing(api.prisma);
	const make = (fields: Parameters<Sharing['makePhoto']>[1]) => sharing.makePhoto(user.id, fields);
	const ids = {
		june: await make({ ...taken('2025-06-10T10:00:00Z'), width: 400, height: 200, isFavorite: true }),
		lateJune: await make(taken('2025-06-30T23:59:00Z')),
		may: await make(taken('2025-05-01T00:00:00Z')),
		archived: await make({ ...taken('2025-06-11T10:00:00Z'), visibility: 'archive' }),
		locked: await make({ ...taken('2025-06-12T10:00:00Z'), visibility: 'locked' }),
		trashed: await make({ ...taken('2025-06-13T10:00:00Z'), deletedAt: new Date(), status: 'trashed' }),
		hidden: await make({ ...taken('2025-06-14T10:00:00Z'), visibility: 'hidden' })
	};
	return { user, token, sharing, ids };
}

const buckets = (token: string, query = '') => api.request('GET', `/api/timeline/buckets?${query}`, { token });
async function bucket(token: string | null, query: string) {
	const reply = await api.request('GET', `/api/timeline/bucket?timeBucket=2025-06-01&${query}`, {
		...(token !== null && { token })
	});
	expect(reply.status, reply.text).toBe(200);
	return Columns.parse(reply.body);
}

describe('the timeline', () => {
	it('counts and lists one’s own photos by month', async () => {
		const { token, ids } = await create();
		expect((await buckets(token, 'visibility=timeline')).body).toEqual([
			{ timeBucket: '2025-06-01', count: 2 },
			{ timeBucket: '2025-05-01', count: 1 }
		]);
		const june = await bucket(token, 'visibility=timeline');
		expect(june.id).toEqual([ids.lateJune, ids.june]);
		expect([june.ratio, june.isFavorite]).toEqual([
			[1, 2],
			[false, true]
		]);
		expect((await bucket(token, 'visibility=timeline&order=asc')).id).toEqual([ids.june, ids.lateJune]);
		expect((await bucket(token, 'visibility=archive')).id).toEqual([ids.archived]);
		expect((await bucket(token, 'isTrashed=true')).id).toEqual([ids.trashed]);
		expect((await bucket(token, 'isFavorite=true')).id).toEqual([ids.june]);
	});

	it('shows the locked folder only when unlocked', async () => {
		const { user, token, ids } = await create();
		const refused = await buckets(token, 'visibility=locked');
		expect([refused.status, refused.body]).toEqual([401, message('Elevated permission is required')]);
		const unlocked = await api.accounts.makeSession(user.id, { pinExpiresAt: new Date(Date.now() + 600_000) });
		expect((await bucket(unlocked, 'visibility=locked')).id).toEqual([ids.locked]);
		const statistics = await api.request('GET', '/api/assets/statistics?visibility=locked', { token });
		expect(statistics.status).toBe(401);
		const search = await api.request('POST', '/api/search/metadata', { token, body: { visibility: 'locked' } });
		expect(search.status).toBe(401);
	});

	it('shows a partner only what is in the timeline', async () => {
		const { user, sharing, ids } = await create();
		const { user: partner, token } = await api.accounts.signIn();
		expect((await buckets(token, `userId=${user.id}`)).status).toBe(400);
		await sharing.makePartner(user.id, partner.id);
		const seen = await bucket(token, `userId=${user.id}`);
		expect([seen.id, seen.isFavorite]).toEqual([
			[ids.lateJune, ids.june],
			[false, false]
		]);
		for (const query of ['isTrashed=true', 'isFavorite=true', 'visibility=hidden'])
			expect((await bucket(token, `userId=${user.id}&${query}`)).id).toEqual([]);
		expect((await buckets(token, `userId=${user.id}&visibility=archive`)).status).toBe(400);
		expect((await bucket(token, 'withPartners=true&visibility=timeline')).id).toEqual([]);
		await api.prisma.partner.updateMany({ where: { sharedById: user.id }, data: { inTimeline: true } });
		expect((await bucket(token, 'withPartners=true&visibility=timeline')).id).toEqual([ids.lateJune, ids.june]);
		expect((await buckets(token, 'withPartners=true&visibility=archive')).status).toBe(400);
	});

	it('shows an album and a link without what is locked or in the trash', async () => {
		const { user, sharing, ids } = await create();
		const { user: viewer, token } = await api.accounts.signIn();
		const all = Object.values(ids).filter((id) => id !== ids.hidden);
		const albumId = await sharing.makeAlbum(
			[
				[user.id, 'owner'],
				[viewer.id, 'viewer']
			],
			all
		);
		const wanted = [ids.lateJune, ids.archived, ids.june];
		expect((await bucket(token, `albumId=${albumId}`)).id).toEqual(wanted);
		for (const fields of [{ albumId }, { assetIds: all }]) {
			const { key } = await sharing.makeLink(user.id, fields);
			expect((await bucket(null, `key=${key}`)).id).toEqual(wanted);
			const found = await api.request('POST', `/api/search/metadata?key=${key}`, { body: {} });
			expect(found.body).toMatchObject({ assets: { count: 4 } });
		}
		const { token: stranger } = await api.accounts.signIn();
		expect((await buckets(stranger, `albumId=${albumId}`)).status).toBe(400);
		const body = { albumIds: [albumId] };
		expect((await api.request('POST', '/api/search/metadata', { token: stranger, body })).status).toBe(400);
	});

	it('doesn’t tell a link’s visitor what the link hides', async () => {
		const { user, sharing, ids } = await create();
		const { key } = await sharing.makeLink(user.id, { assetIds: [ids.june], showExif: false });
		const seen = await bucket(null, `key=${key}&withCoordinates=true`);
		expect(seen).toMatchObject({ fileCreatedAt: ['2025-06-10T00:00:00.000Z'], latitude: [null], city: [null] });
		const search = await api.request('POST', `/api/search/metadata?key=${key}`, { body: { originalFileName: 'a' } });
		expect(search.body).toMatchObject({ assets: { count: 0 } });
	});
});

describe('POST /search/metadata', () => {
	it('pages through one’s own library', async () => {
		const { token, ids } = await create();
		const search = (body: object) => api.request('POST', '/api/search/metadata', { token, body });
		const first = await search({ size: 3, order: 'asc' });
		expect(first.body).toMatchObject({ assets: { count: 3, nextPage: '2' } });
		const last = await search({ size: 3, order: 'asc', page: 2 });
		expect(last.body).toMatchObject({ assets: { items: [{ id: ids.lateJune }], nextPage: null } });
		expect((await search({ isFavorite: true })).body).toMatchObject({ assets: { items: [{ id: ids.june }] } });
		const { user: other } = await api.accounts.signIn();
		expect((await search({ personIds: [other.id] })).body).toMatchObject({ assets: { count: 0 } });
	});
});
