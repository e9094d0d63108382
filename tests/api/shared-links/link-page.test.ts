import { hash } from '@node-rs/bcrypt';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { guard } from '#tests/support/log-scan.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
const password = guard('a link password', 'open the album!');
let passwordHash = '';
let sharing: Sharing;
let ownerId = '';
let photos: string[] = [];
let albumId = '';

beforeAll(async () => {
	sharing = new Sharing(api.prisma);
	passwordHash = (await hash(password, 4)).replace('$2y$', '$2b$');
});

beforeEach(async () => {
	ownerId = (await api.accounts.makeUser({ name: 'Ada' })).id;
	photos = [];
	for (let number = 0; number < 3; number++)
		photos.push(
			await sharing.makePhoto(ownerId, {
				originalFileName: `Secret ${String(number)}.jpg`,
				localDateTime: new Date(Date.UTC(2026, 0, 30 - number, 12))
			})
		);
	albumId = await sharing.makeAlbum([[ownerId, 'owner']], photos);
	await api.prisma.album.update({ where: { id: albumId }, data: { albumName: 'Beach <days>' } });
});

const get = (path: string, sent = {}) => api.request('GET', path, sent);
const makeLink = (fields = {}) => sharing.makeLink(ownerId, { albumId, ...fields });

describe('the page of a shared link', () => {
	it('shows pictures without JavaScript, newest first, by key and by slug', async () => {
		const slug = `beach-${ownerId}`;
		const { id, key } = await makeLink({ slug });
		for (const [path, credential] of [
			[`/share/${key}`, `key=${key}`],
			[`/s/${slug}`, `slug=${slug}`]
		] as const) {
			const page = await get(path);
			expect(page.status).toBe(200);
			expect(page.text).toContain('Beach &lt;days>');
			const shown = [
				...page.text.matchAll(/<img src="\/api\/assets\/([\w-]+)\/thumbnail\?size=thumbnail&amp;([^"]+)"/g)
			];
			expect(shown.map(([, asset, query]) => [asset, query])).toEqual(photos.map((photo) => [photo, credential]));
			expect(page.text).toContain(`/api/download/archive?${credential}`);
			expect(page.headers).toMatchObject({
				'cache-control': 'private, no-store',
				'referrer-policy': 'same-origin',
				'x-frame-options': 'DENY'
			});
			expect(page.text).toContain('<meta name="robots" content="noindex"');
		}
		expect(await api.prisma.sharedLinkVisit.findMany({ where: { linkId: id } })).toMatchObject([{ count: 2 }]);
	});

	it('has tags for previews, except with a password', async () => {
		const { key } = await makeLink({ description: 'Our week' });
		const { text } = await get(`/share/${key}`);
		expect(text).toContain('<meta property="og:title" content="Beach &lt;days>"');
		expect(text).toContain('<meta property="og:description" content="Our week"');
		expect(text).toMatch(/og:image" content="http:\/\/[^"]+\/thumbnail\?size=preview&amp;key=/);
		const secret = await makeLink({ password: passwordHash, description: 'Our week' });
		const hidden = await get(`/share/${secret.key}`);
		expect(hidden.status).toBe(200);
		for (const part of ['og:', 'Beach', 'Our week', photos[0] ?? '']) expect(hidden.text).not.toContain(part);
	});

	it('opens with its password in a plain form', async () => {
		const { key } = await makeLink({ password: passwordHash });
		const wrong = await api.submit(`/share/${key}?/login`, { password: 'not it' });
		expect([wrong.status, wrong.cookies]).toEqual([401, []]);
		expect(wrong.text).toContain('That is not the password of this link.');
		const right = await api.submit(`/share/${key}?/login`, { password });
		expect([right.status, right.headers['location']]).toEqual([303, `/share/${key}`]);
		const cookie = right.cookies[0]?.split(';')[0] ?? '';
		expect((await get(`/share/${key}`, { cookie })).text).toContain(photos[0]);
	});

	it('shows one photo with links to the next and the previous one', async () => {
		const { key } = await makeLink();
		const { text } = await get(`/share/${key}?photo=${photos[1] ?? ''}`);
		expect(text).toContain(`/api/assets/${photos[1] ?? ''}/thumbnail?size=preview`);
		for (const neighbor of [photos[0], photos[2]]) expect(text).toContain(`/share/${key}?photo=${neighbor ?? ''}"`);
		const foreign = await sharing.makePhoto(ownerId);
		expect((await get(`/share/${key}?photo=${foreign}`)).status).toBe(404);
	});

	it('hides what the link denies', async () => {
		const { key } = await makeLink({ showExif: false, allowDownload: true, allowUpload: false });
		const { text } = await get(`/share/${key}`);
		for (const part of ['Secret', 'download/archive', 'type="file"', 'Ada', '@example'])
			expect(text).not.toContain(part);
		expect((await get(`/share/${key}?photo=${photos[0] ?? ''}`)).text).not.toContain('/original');
		const open = await makeLink({ allowUpload: true });
		expect((await get(`/share/${open.key}`)).text).toContain('type="file"');
	});

	it('is a 404 page for a link that is unknown, expired or has ended, and tells no more', async () => {
		const expired = await makeLink({ expiresAt: new Date() });
		const single = await sharing.makeLink(ownerId, { assetIds: [photos[0] ?? ''] });
		await api.prisma.asset.update({ where: { id: photos[0] ?? '' }, data: { deletedAt: new Date() } });
		for (const path of [
			`/share/${expired.key}`,
			`/share/${single.key}`,
			`/share/${'u'.repeat(67)}`,
			'/share/short',
			'/s/nothing-here'
		]) {
			const page = await get(path);
			expect([path, page.status]).toEqual([path, 404]);
			expect(page.text).toContain('This link doesn’t work');
			expect(page.text).not.toContain('Beach');
		}
		const posted = await api.submit(`/share/${expired.key}?/login`, { password });
		expect(posted.status).toBe(404);
	});

	it('works for signed-in users too, also while they must change their password', async () => {
		const { key } = await makeLink();
		const { user, token } = await api.accounts.signIn();
		await api.accounts.setPasswordState(user.id);
		await api.prisma.user.update({ where: { id: user.id }, data: { shouldChangePassword: true } });
		expect((await get(`/share/${key}`, { cookie: `immich_access_token=${token}` })).status).toBe(200);
	});
});
