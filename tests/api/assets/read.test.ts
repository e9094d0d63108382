import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi, type Api } from '#tests/support/api.ts';
import { unknownId } from '#tests/support/operations.ts';
import { createPicture, pngBomb } from '#tests/support/pictures.ts';
import { message } from '#tests/support/shapes.ts';
import { Sharing } from '#tests/support/sharing.ts';
import { upload, uploadPicture } from '#tests/support/uploads.ts';

const api = useApi();
const Uploaded = z.object({ id: z.string() });
const noAccess = (permission: string) => message(`Not found or no ${permission} access`);
const content = '0123456789';

async function uploadText(token: string, name = 'a.jpg', bytes: string | Uint8Array = content): Promise<string> {
	const reply = await upload(api, token, { bytes, name });
	expect(reply.status, reply.text).toBe(201);
	return Uploaded.parse(reply.body).id;
}

/** A photo with someone in each relation to it, and how each asks for it. */
async function createPhoto(given: Api = api) {
	const { user, token } = await given.accounts.signIn();
	const id = await uploadPicture(given, token);
	const sharing = new Sharing(given.prisma);
	const [member, partner, stranger, admin] = await Promise.all([
		given.accounts.signIn(),
		given.accounts.signIn(),
		given.accounts.signIn(),
		given.accounts.signInAdmin()
	]);
	const albumId = await sharing.makeAlbum(
		[
			[user.id, 'owner'],
			[member.user.id, 'viewer']
		],
		[id]
	);
	await sharing.makePartner(user.id, partner.user.id);
	const link = await sharing.makeLink(user.id, { albumId, allowDownload: false });
	const open = await sharing.makeLink(user.id, { assetIds: [id] });
	const ended = await sharing.makeLink(user.id, { assetIds: [id], expiresAt: new Date(0) });
	return { id, user, token, member, partner, stranger, admin, albumId, link, open, ended };
}

const routes = [
	['asset.read', ''],
	['asset.view', '/thumbnail'],
	['asset.download', '/original']
] as const;

describe.each(routes)('%s: GET /assets/{id}%s', (permission, suffix) => {
	it('is open to the owner, album members, partners and links, and to no one else', async () => {
		const photo = await createPhoto();
		const get = (token: string) => api.request('GET', `/api/assets/${photo.id}${suffix}`, { token });
		const visit = (key: string) => api.request('GET', `/api/assets/${photo.id}${suffix}?key=${key}`);
		for (const { token } of [photo, photo.member, photo.partner]) expect((await get(token)).status).toBe(200);
		for (const { token } of [photo.stranger, photo.admin]) {
			const reply = await get(token);
			expect([reply.status, reply.body]).toEqual([400, noAccess(permission)]);
		}
		expect((await visit(photo.open.key)).status).toBe(200);
		expect((await visit(photo.link.key)).status).toBe(suffix === '/original' ? 400 : 200);
		expect((await visit(photo.ended.key)).status).toBe(401);
		expect((await api.request('GET', `/api/assets/${photo.id}${suffix}`)).status).toBe(401);
		const weak = await api.accounts.makeApiKey(photo.user.id, ['user.read']);
		expect((await api.request('GET', `/api/assets/${photo.id}${suffix}`, { apiKey: weak })).status).toBe(403);
		const strong = await api.accounts.makeApiKey(photo.user.id, [permission]);
		expect((await api.request('GET', `/api/assets/${photo.id}${suffix}`, { apiKey: strong })).status).toBe(200);
		expect((await api.request('GET', `/api/assets/${unknownId}${suffix}`, { token: photo.token })).status).toBe(400);
		// In upper case it names the same asset.
		const upper = await api.request('GET', `/api/assets/${photo.id.toUpperCase()}${suffix}`, { token: photo.token });
		expect(upper.status).toBe(200);
	});

	it('shows a locked photo only in an unlocked session of its owner', async () => {
		const photo = await createPhoto();
		const moved = await api.request('PUT', `/api/assets/${photo.id}`, {
			token: photo.token,
			body: { visibility: 'locked' }
		});
		expect(moved.status, moved.text).toBe(200);
		const unlocked = await api.accounts.makeSession(photo.user.id, {
			pinExpiresAt: new Date(Date.now() + 10 * 60_000)
		});
		const apiKey = await api.accounts.makeApiKey(photo.user.id);
		const path = `/api/assets/${photo.id}${suffix}`;
		expect((await api.request('GET', path, { token: unlocked })).status).toBe(200);
		for (const { token } of [photo, photo.member, photo.partner])
			expect((await api.request('GET', path, { token })).status).toBe(400);
		expect((await api.request('GET', path, { apiKey })).status).toBe(400);
		for (const { key } of [photo.link, photo.open])
			expect((await api.request('GET', `${path}?key=${key}`)).status).toBeGreaterThanOrEqual(400);
	});
});

describe('GET /assets/{id}/original', () => {
	it('sends the file to be saved, unchanged and inert', async () => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token, "schöne 'Reise' 100%.svg", '<svg onload="alert(1)"/>');
		const reply = await api.request('GET', `/api/assets/${id}/original`, { token });
		expect(reply.text).toBe('<svg onload="alert(1)"/>');
		expect(reply.headers).toMatchObject({
			'content-type': 'image/svg+xml',
			'content-security-policy': "default-src 'none'; sandbox",
			'x-content-type-options': 'nosniff',
			'accept-ranges': 'bytes'
		});
		const disposition = reply.headers['content-disposition'] ?? '';
		expect(disposition).toMatch(/^attachment; filename="sch_ne 'Reise' 100_\.svg"; filename\*=UTF-8''/);
		expect(decodeURIComponent(disposition.split("UTF-8''")[1] ?? '')).toBe("schöne 'Reise' 100%.svg");
	});

	it.each([
		['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
		['bytes=4-', 206, '456789', 'bytes 4-9/10'],
		['bytes=-3', 206, '789', 'bytes 7-9/10'],
		['bytes=-99', 206, content, 'bytes 0-9/10'],
		['bytes=8-99', 206, '89', 'bytes 8-9/10'],
		['bytes=10-', 416, null, null],
		['bytes=-0', 416, null, null],
		['bytes=999999999999999-', 416, null, null],
		['bytes=5-3', 200, content, null],
		['bytes=0-1,3-4', 200, content, null],
		['items=0-3', 200, content, null],
		['bytes=a-b', 200, content, null],
		['bytes=-', 200, content, null]
	])('answers Range: %s with %i', async (range, status, text, contentRange) => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token);
		const reply = await api.request('GET', `/api/assets/${id}/original`, { token, headers: { range } });
		expect(reply.status).toBe(status);
		if (text !== null) expect([reply.text, reply.headers['content-length']]).toEqual([text, String(text.length)]);
		if (contentRange !== null) expect(reply.headers['content-range']).toBe(contentRange);
	});

	it('answers HEAD, If-None-Match and If-Range', async () => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token);
		const get = (headers: Record<string, string> = {}, method = 'GET') =>
			api.request(method, `/api/assets/${id}/original`, { token, headers });
		const head = await get({}, 'HEAD');
		expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '10', 0]);
		const etag = head.headers.etag ?? '';
		expect((await get({ 'if-none-match': etag })).status).toBe(304);
		expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
		expect((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
	});
});

describe('GET /assets/{id}/thumbnail', () => {
	it('shows pictures in the sizes of the settings, without metadata and upright', async () => {
		const { token } = await api.accounts.signIn();
		const bytes = await sharp({ create: { width: 3_000, height: 2_000, channels: 3, background: '#0a0' } })
			.withExif({ IFD0: { Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
			.withMetadata({ orientation: 6 })
			.jpeg()
			.toBuffer();
		const id = await uploadText(token, 'turned.jpg', bytes);
		const read = async (size: string) => {
			const reply = await api.request('GET', `/api/assets/${id}/thumbnail?size=${size}`, { token });
			expect(reply.status).toBe(200);
			return { type: reply.headers['content-type'], ...(await sharp(reply.bytes).metadata()) };
		};
		const thumbnail = await read('thumbnail');
		expect(thumbnail).toMatchObject({ type: 'image/webp', width: 250, height: 375 });
		expect(thumbnail.exif).toBeUndefined();
		const preview = await read('preview');
		expect([preview.type, preview.width]).toEqual(['image/jpeg', 1_440]);
		expect((await read('original')).width).toBe(3_000);
		await expect
			.poll(async () => (await api.prisma.asset.findUniqueOrThrow({ where: { id } })).thumbhash, { timeout: 10_000 })
			.not.toBeNull();
		const row = await api.prisma.asset.findUniqueOrThrow({ where: { id }, include: { exif: true } });
		expect(row).toMatchObject({ width: 2_000, height: 3_000 });
		expect(row.exif).toMatchObject({ make: 'Camera', orientation: '6' });
	});

	it.each([
		['a.svg', '<svg onload="alert(1)"/>'],
		['a.mp4', 'no video'],
		['a.heic', 'no photo'],
		['a.jpg', '<html><script>alert(1)</script>'],
		['a.png', pngBomb(60_000)]
	])('shows a placeholder of ours for %s', async (name, bytes) => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token, name, bytes);
		const reply = await api.request('GET', `/api/assets/${id}/thumbnail`, { token });
		expect([reply.status, reply.headers['content-type']]).toEqual([200, 'image/svg+xml']);
		expect(reply.text).not.toContain('alert');
		expect(reply.headers['content-security-policy']).toBe("default-src 'none'; sandbox");
	});

	it('decodes a picture with the wrong extension', async () => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token, 'really-a-png.jpg', await createPicture('png', 600, 400));
		const reply = await api.request('GET', `/api/assets/${id}/thumbnail`, { token });
		expect(reply.headers['content-type']).toBe('image/webp');
	});
});

describe('GET /assets/{id}/video/playback', () => {
	it('sends a video in parts, and refuses a photo', async () => {
		const { token } = await api.accounts.signIn();
		const id = await uploadText(token, 'a.mp4');
		const reply = await api.request('GET', `/api/assets/${id}/video/playback`, {
			token,
			headers: { range: 'bytes=2-4' }
		});
		expect([reply.status, reply.text, reply.headers['content-type']]).toEqual([206, '234', 'video/mp4']);
		const photo = await uploadText(token, 'a.jpg', 'photo');
		expect((await api.request('GET', `/api/assets/${photo}/video/playback`, { token })).status).toBe(400);
	});
});
