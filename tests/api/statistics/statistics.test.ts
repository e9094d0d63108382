import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { unknownId } from '#tests/support/operations.ts';
import { uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const none = { images: 0, videos: 0, total: 0 };
const trashed = { deletedAt: new Date(), status: 'trashed' } as const;

/** A user with a photo or video of every kind. */
async function makeOwner(): Promise<string> {
	const [{ id }, { id: otherId }] = [await api.accounts.makeUser(), await api.accounts.makeUser()];
	await api.prisma.asset.createMany({
		data: [
			buildPhoto(id),
			buildPhoto(id, { isFavorite: true }),
			buildPhoto(id, { type: 'VIDEO' }),
			buildPhoto(id, { type: 'AUDIO' }),
			buildPhoto(id, { visibility: 'archive' }),
			buildPhoto(id, { visibility: 'hidden', type: 'VIDEO' }),
			buildPhoto(id, { visibility: 'locked' }),
			buildPhoto(id, { ...trashed }),
			buildPhoto(id, { ...trashed, isFavorite: true, type: 'VIDEO' }),
			buildPhoto(id, { ...trashed, status: 'deleted' }),
			buildPhoto(otherId)
		]
	});
	return id;
}

describe('GET /admin/users/{id}/statistics', () => {
	it.each([
		['', { images: 3, videos: 1, total: 5 }],
		['?isFavorite=true', { images: 1, videos: 0, total: 1 }],
		['?isFavorite=false', { images: 2, videos: 1, total: 4 }],
		['?isTrashed=true', { images: 1, videos: 1, total: 2 }],
		['?isTrashed=true&isFavorite=true', { images: 0, videos: 1, total: 1 }],
		['?isTrashed=false', { images: 3, videos: 1, total: 5 }],
		['?visibility=timeline', { images: 2, videos: 1, total: 4 }],
		['?visibility=archive', { images: 1, videos: 0, total: 1 }],
		['?visibility=hidden', { images: 0, videos: 1, total: 1 }],
		['?visibility=locked', { images: 1, videos: 0, total: 1 }]
	])('returns 200 with the counts for %j', async (query, counts) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', `/api/admin/users/${await makeOwner()}/statistics${query}`, { token });
		expect([reply.status, reply.body]).toEqual([200, counts]);
	});

	it('returns 200 with zeros for a user without photos, an unknown ID, and a deleted user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const [user, gone] = [await api.accounts.makeUser(), await api.accounts.makeUser({ deletedAt: new Date() })];
		for (const id of [user.id, gone.id, unknownId]) {
			const reply = await api.request('GET', `/api/admin/users/${id}/statistics`, { token });
			expect([reply.status, reply.body]).toEqual([200, none]);
		}
	});

	it('returns 200 for a key with only that permission', async () => {
		const admin = await api.accounts.makeAdmin();
		const apiKey = await api.accounts.makeApiKey(admin.id, ['adminUser.read']);
		expect((await api.request('GET', `/api/admin/users/${admin.id}/statistics`, { apiKey })).body).toEqual(none);
	});

	it.each([
		['isFavorite=1', '"true"|"false"'],
		['isTrashed=yes', '"true"|"false"'],
		['isTrashed=', '"true"|"false"'],
		['visibility=all', '"archive"|"timeline"|"hidden"|"locked"'],
		["visibility=archive'--", '"archive"|"timeline"|"hidden"|"locked"']
	])('returns 400 for ?%s', async (query, options) => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', `/api/admin/users/${user.id}/statistics?${query}`, { token });
		expect(reply.status).toBe(400);
		expect(reply.body).toMatchObject({
			message: 'Validation failed',
			errors: [{ path: [query.split('=')[0]], message: `Invalid option: expected one of ${options}` }]
		});
	});

	it('returns 400 for an invalid ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', '/api/admin/users/5/statistics', { token });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});
