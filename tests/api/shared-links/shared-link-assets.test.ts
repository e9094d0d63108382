import {
	addSharedLinkAssets,
	createSharedLink,
	getSharedLinkById,
	init,
	removeSharedLink,
	removeSharedLinkAssets,
	SharedLinkType,
	updateSharedLink
} from '@immich/sdk';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { guard } from '#tests/support/log-scan.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
const password = guard('a link password', 'open the album!');
let sharing: Sharing;
let ada: { id: string; token: string };
let photo = '';
let albumId = '';

beforeAll(() => {
	sharing = new Sharing(api.prisma);
});

beforeEach(async () => {
	const { user, token } = await api.accounts.signIn({ name: 'Ada' });
	ada = { id: user.id, token };
	photo = await sharing.makePhoto(ada.id);
	albumId = await sharing.makeAlbum([[ada.id, 'owner']], [photo]);
	init({ baseUrl: `${api.url}/api`, apiKey: await api.accounts.makeApiKey(user.id) });
});

const call = (method: string, path: string, body?: unknown, token = ada.token) =>
	api.request(method, `/api/shared-links${path}`, { token, ...(body !== undefined && { body }) });
const makeAlbumLink = (fields = {}) =>
	createSharedLink({ sharedLinkCreateDto: { type: SharedLinkType.Album, albumId, ...fields } });
const makePhotoLink = (assetIds: string[], fields = {}) =>
	createSharedLink({ sharedLinkCreateDto: { type: SharedLinkType.Individual, assetIds, ...fields } });

describe('the assets of a link', () => {
	it('are added and removed, each with its result', async () => {
		const [other, foreign] = [await sharing.makePhoto(ada.id), await sharing.makePhoto(await sharing.makeUser())];
		const { id } = await makePhotoLink([photo]);
		expect(await addSharedLinkAssets({ id, assetIdsDto: { assetIds: [photo, other, other, foreign] } })).toEqual([
			{ assetId: photo, success: false, error: 'duplicate' },
			{ assetId: other, success: true },
			{ assetId: other, success: false, error: 'duplicate' },
			{ assetId: foreign, success: false, error: 'no_permission' }
		]);
		expect(await removeSharedLinkAssets({ id, assetIdsDto: { assetIds: [photo, foreign] } })).toEqual([
			{ assetId: photo, success: true },
			{ assetId: foreign, success: false, error: 'not_found' }
		]);
		expect((await getSharedLinkById({ id })).assets.map((asset) => asset.id)).toEqual([other]);
	});

	it('can’t be changed on a link to an album', async () => {
		const { id } = await makeAlbumLink();
		for (const method of ['PUT', 'DELETE']) {
			const reply = await call(method, `/${id}/assets`, { assetIds: [photo] });
			expect([reply.status, reply.body]).toEqual([400, message('Invalid shared link type')]);
		}
	});
});

describe('a link of another user', () => {
	it.each([
		['GET', ''],
		['PATCH', ''],
		['DELETE', ''],
		['PUT', '/assets'],
		['DELETE', '/assets']
	])('is unknown to %s /shared-links/{id}%s, also for an admin', async (method, path) => {
		const { id } = await makePhotoLink([photo]);
		const admin = await api.accounts.signInAdmin();
		const reply = await call(method, `/${id}${path}`, { assetIds: [photo] }, admin.token);
		expect([reply.status, reply.body]).toEqual([400, message('Shared link not found')]);
		expect((await getSharedLinkById({ id })).assets).toHaveLength(1);
	});
});

describe('audit events', () => {
	it('tell what was changed, without key, slug and password', async () => {
		const admin = await api.accounts.signInAdmin();
		const log = new AuditLog(api, admin.token);
		const slug = `secret-address-${ada.id}`;
		const link = await makeAlbumLink({ password, slug });
		await updateSharedLink({ id: link.id, sharedLinkEditDto: { slug, allowUpload: false, password: null } });
		await updateSharedLink({ id: link.id, sharedLinkEditDto: { slug, allowUpload: false } });
		const photos = await makePhotoLink([photo]);
		await addSharedLinkAssets({ id: photos.id, assetIdsDto: { assetIds: [await sharing.makePhoto(ada.id)] } });
		await removeSharedLink({ id: link.id });
		const events = await log.read(`user=${ada.id}`);
		expect(events.map(({ action, object, changes }) => [action, object?.label, changes])).toEqual([
			[
				'sharedLink.create',
				'Untitled Album',
				{
					allowUpload: { from: null, to: true },
					allowDownload: { from: null, to: true },
					showMetadata: { from: null, to: true },
					hasPassword: { from: false, to: true }
				}
			],
			[
				'sharedLink.update',
				'Untitled Album',
				{ allowUpload: { from: true, to: false }, hasPassword: { from: true, to: false } }
			],
			['sharedLink.create', '1 photo', expect.anything()],
			['sharedLink.update', '2 photos', { assetsAdded: { from: null, to: 1 } }],
			['sharedLink.delete', 'Untitled Album', null]
		]);
		for (const secret of [link.key, photos.key, slug, password]) expect(JSON.stringify(events)).not.toContain(secret);
	});
});
