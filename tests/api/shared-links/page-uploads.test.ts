import { hash } from '@node-rs/bcrypt';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { createUniquePicture } from '#tests/support/uploads.ts';
import { buildMultipart } from '#tests/support/pictures.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi();
let sharing: Sharing;
let ownerId = '';
let albumId = '';

beforeAll(() => {
	sharing = new Sharing(api.prisma);
});
beforeEach(async () => {
	ownerId = (await api.accounts.makeUser()).id;
	albumId = await sharing.makeAlbum([[ownerId, 'owner']]);
});

/** Sends a picture as the form of a link's page does without scripts. */
async function upload(path: string, sent: { cookie?: string; bytes?: Buffer; name?: string } = {}) {
	const { bytes = await createUniquePicture(), name = 'mine.jpg', cookie } = sent;
	const { raw, headers } = await buildMultipart(bytes, { field: 'assetData', name });
	return api.request('POST', `${path}?/upload`, {
		raw,
		headers: { ...headers, origin: api.url, host: new URL(api.url).host, accept: 'text/html' },
		...(cookie !== undefined && { cookie })
	});
}

const count = () => api.prisma.albumAsset.count({ where: { albumId } });

describe('an upload on the page of a shared link', () => {
	it('is added to the album, by key and by slug, and leads back to the page', async () => {
		const slug = `lake-${ownerId}`;
		const { key } = await sharing.makeLink(ownerId, { albumId, slug, allowUpload: true });
		const bytes = await createUniquePicture();
		for (const [path, status] of [
			[`/share/${key}`, 'created'],
			[`/s/${slug}`, 'duplicate']
		] as const) {
			const reply = await upload(path, { bytes });
			expect([reply.status, reply.headers['location']]).toEqual([303, `${path}?uploaded=${status}`]);
			expect((await api.request('GET', `${path}?uploaded=${status}`)).text).toContain(
				status === 'created' ? 'Your photo was uploaded. Thank you!' : 'This photo is already here.'
			);
		}
		expect(await count()).toBe(1);
		const notPhoto = await upload(`/share/${key}`, { bytes: Buffer.from('x'), name: 'a.txt' });
		expect(notPhoto.status).toBe(400);
		expect(notPhoto.text).toContain('This type of file can’t be uploaded.');
	});

	it('needs the right to upload, the password, and a link that has not ended', async () => {
		const password = (await hash('sand', 4)).replace('$2y$', '$2b$');
		const [closed, secret, expired] = [
			await sharing.makeLink(ownerId, { albumId, allowUpload: false }),
			await sharing.makeLink(ownerId, { albumId, allowUpload: true, password }),
			await sharing.makeLink(ownerId, { albumId, allowUpload: true, expiresAt: new Date() })
		];
		expect((await upload(`/share/${closed.key}`)).status).toBe(401);
		expect((await upload(`/share/${secret.key}`)).status).toBe(401);
		expect((await upload(`/share/${expired.key}`)).status).toBe(404);
		expect((await upload(`/share/${'u'.repeat(67)}`)).status).toBe(404);
		expect(await count()).toBe(0);
		const opened = await api.submit(`/share/${secret.key}?/login`, { password: 'sand' });
		const cookie = opened.cookies[0]?.split(';')[0] ?? '';
		expect((await upload(`/share/${secret.key}`, { cookie })).status).toBe(303);
		expect(await count()).toBe(1);
	});
});
