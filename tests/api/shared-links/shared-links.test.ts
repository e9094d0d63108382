import {
	createSharedLink,
	getAllSharedLinks,
	getSharedLinkById,
	init,
	SharedLinkType,
	updateSharedLink
} from '@immich/sdk';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { passwordPlaceholder } from '#lib/contract/shared-links/shared-link.ts';
import { useApi } from '#tests/support/api.ts';
import { guard } from '#tests/support/log-scan.ts';
import { anyIso, anyUuid, message } from '#tests/support/shapes.ts';
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

describe('POST /shared-links', () => {
	it('creates a link to an album with Immich’s defaults', async () => {
		const link = await makeAlbumLink();
		guard('a share key', link.key);
		expect(link).toEqual({
			id: anyUuid,
			type: 'ALBUM',
			key: expect.stringMatching(/^[\w-]{67}$/) as unknown,
			slug: null,
			userId: ada.id,
			description: null,
			password: null,
			createdAt: anyIso,
			expiresAt: null,
			allowUpload: true,
			allowDownload: true,
			showMetadata: true,
			assets: [],
			album: expect.objectContaining({ id: albumId, assetCount: 1, hasSharedLink: true }) as unknown
		});
	});

	it('creates a link to photos, ignoring one sent twice, in any case', async () => {
		const other = await sharing.makePhoto(ada.id);
		const link = await makePhotoLink([photo, other, photo, photo.toUpperCase()]);
		expect(link.assets.map(({ id }) => id).toSorted()).toEqual([photo, other].toSorted());
		expect(link.album).toBeUndefined();
	});

	it('turns empty texts into null, and denies downloads without metadata', async () => {
		const link = await makeAlbumLink({ description: '', password: '', slug: '', showMetadata: false });
		expect(link).toMatchObject({ description: null, password: null, slug: null, allowDownload: false });
	});

	it('stores only a hash of the password, and never returns it', async () => {
		const link = await makeAlbumLink({ password });
		expect(link.password).toBe(passwordPlaceholder);
		const { password: stored } = await api.prisma.sharedLink.findUniqueOrThrow({ where: { id: link.id } });
		expect(stored).toMatch(/^\$2b\$10\$/);
		expect(JSON.stringify(await getAllSharedLinks({}))).not.toContain(password);
	});

	it.each([
		[{ type: 'ALBUM' }, 'albumId is required for type ALBUM'],
		[{ type: 'INDIVIDUAL', assetIds: [] }, 'assetIds is required for type INDIVIDUAL'],
		[{ type: 'INDIVIDUAL' }, 'assetIds is required for type INDIVIDUAL']
	])('returns 400 for %j', async (body, text) => {
		const reply = await call('POST', '', body);
		expect(reply.status).toBe(400);
		expect(reply.body).toMatchObject({ message: 'Validation failed', errors: [{ message: text }] });
	});

	it.each([
		['a password over 72 bytes', { password: 'é'.repeat(37) }],
		['an expiration date in the past', { expiresAt: '2020-01-01T00:00:00.000Z' }],
		['an endless slug', { slug: 's'.repeat(101) }]
	])('returns 400 for %s', async (_, fields) => {
		expect((await call('POST', '', { type: 'ALBUM', albumId, ...fields })).status).toBe(400);
	});

	it.each(['a/b', '..', '.', 'a\\b', 'a\nb'])(
		'returns 400 for the slug %j, which no address can end in',
		async (slug) => {
			expect((await call('POST', '', { type: 'ALBUM', albumId, slug })).status).toBe(400);
		}
	);

	it('returns 400 for a slug that is taken, also when changing a link', async () => {
		const slug = `summer-${ada.id}`;
		await makeAlbumLink({ slug });
		const taken = message('Failed to save shared link');
		const again = await call('POST', '', { type: 'ALBUM', albumId, slug });
		expect([again.status, again.body]).toEqual([400, taken]);
		const { id } = await makeAlbumLink();
		const changed = await call('PATCH', `/${id}`, { slug });
		expect([changed.status, changed.body]).toEqual([400, taken]);
	});

	it('requires the right to share what is shown', async () => {
		const bob = await sharing.makeUser();
		const [viewed, edited] = await Promise.all(
			(['viewer', 'editor'] as const).map((role) =>
				sharing.makeAlbum([
					[bob, 'owner'],
					[ada.id, role]
				])
			)
		);
		const [others, locked, seen] = await Promise.all([
			sharing.makePhoto(bob),
			sharing.makePhoto(ada.id, { visibility: 'locked' }),
			sharing.makePhoto(bob)
		]);
		await sharing.makeAlbum(
			[
				[bob, 'owner'],
				[ada.id, 'editor']
			],
			[seen]
		);
		const ofAlbum = (id: string | undefined) => call('POST', '', { type: 'ALBUM', albumId: id });
		expect((await ofAlbum(edited)).status).toBe(201);
		const refused = await ofAlbum(viewed);
		expect([refused.status, refused.body]).toEqual([400, message('Not found or no album.share access')]);
		for (const assetId of [others, locked, seen]) {
			const reply = await call('POST', '', { type: 'INDIVIDUAL', assetIds: [photo, assetId] });
			expect([reply.status, reply.body]).toEqual([400, message('Not found or no asset.share access')]);
		}
		await sharing.makePartner(bob, ada.id);
		expect((await makePhotoLink([photo, others])).assets).toHaveLength(2);
	});

	it('returns 400 for a user with 500 links', async () => {
		await api.pool.query(
			`INSERT INTO "shared_link" ("userId", "key", "type", "albumId")
			SELECT $1::uuid, sha256(($1::text || number)::bytea), 'ALBUM', $2 FROM generate_series(1, 500) AS number`,
			[ada.id, albumId]
		);
		const reply = await call('POST', '', { type: 'ALBUM', albumId });
		expect([reply.status, reply.body]).toEqual([400, message('A user can have at most 500 shared links')]);
		expect(await getAllSharedLinks({})).toHaveLength(500);
	});
});

describe('GET /shared-links', () => {
	it('lists one’s own links, newest first, also by album and ID', async () => {
		const [first, second] = [await makeAlbumLink(), await makePhotoLink([photo])];
		await sharing.makeLink(await sharing.makeUser(), {});
		expect((await getAllSharedLinks({})).map(({ id }) => id)).toEqual([second.id, first.id]);
		expect((await getAllSharedLinks({ albumId })).map(({ id }) => id)).toEqual([first.id]);
		expect((await getAllSharedLinks({ id: second.id })).map(({ id }) => id)).toEqual([second.id]);
	});

	it('shows neither trashed nor locked photos of a link', async () => {
		const [trashed, locked] = [await sharing.makePhoto(ada.id), await sharing.makePhoto(ada.id)];
		const link = await makePhotoLink([photo, trashed, locked]);
		await api.prisma.asset.update({ where: { id: trashed }, data: { deletedAt: new Date() } });
		await api.prisma.asset.update({ where: { id: locked }, data: { visibility: 'locked' } });
		expect((await getSharedLinkById({ id: link.id })).assets.map(({ id }) => id)).toEqual([photo]);
	});

	it('lists pages with visits and what is shown', async () => {
		const { id } = await makeAlbumLink();
		for (let number = 0; number < 25; number++) await sharing.makeLink(ada.id, { albumId });
		const first = await call('GET', '/details');
		expect(first.body).toMatchObject({ total: 26, next: anyUuid });
		const { next } = first.body as { next: string };
		const second = await call('GET', `/details?after=${next}`);
		expect(second.body).toEqual({
			total: 26,
			next: null,
			links: [
				expect.objectContaining({
					id,
					assetCount: 1,
					thumbnailAssetId: photo,
					visits: 0,
					state: 'live',
					password: null
				})
			]
		});
	});
});

describe('PATCH /shared-links/{id}', () => {
	it('changes what is sent; an absent slug is cleared, other absent fields stay', async () => {
		const { id } = await makeAlbumLink({ description: 'Beach', password, slug: `beach-${ada.id}` });
		const change = (sharedLinkEditDto: object) => updateSharedLink({ id, sharedLinkEditDto });
		const slug = `sea-${ada.id}`;
		expect(await change({ slug, allowUpload: false })).toMatchObject({
			slug,
			allowUpload: false,
			description: 'Beach',
			password: passwordPlaceholder
		});
		const expiresAt = '2020-01-01T00:00:00.000Z';
		expect(await change({ expiresAt, showMetadata: false })).toMatchObject({
			slug: null,
			expiresAt,
			showMetadata: false,
			allowDownload: true
		});
		expect(await change({ description: null, password: '', expiresAt: null })).toMatchObject({
			description: null,
			password: null,
			expiresAt: null
		});
	});

	it('takes the placeholder for an unchanged password', async () => {
		const { id } = await makeAlbumLink({ password });
		const before = await api.prisma.sharedLink.findUniqueOrThrow({ where: { id } });
		await updateSharedLink({ id, sharedLinkEditDto: { password: passwordPlaceholder } });
		expect(await api.prisma.sharedLink.findUniqueOrThrow({ where: { id } })).toEqual(before);
	});
});
