import { stat } from 'node:fs/promises';
import type { Page } from 'playwright/test';
import { z } from 'zod';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { countLoaded, createPhoto, uploadPhotos } from '../support/uploads.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const Created = z.object({ id: z.string() });
const Link = z.object({ id: z.string(), key: z.string() });

const file = async (name: string) => ({ name, mimeType: 'image/jpeg', buffer: await createPhoto() });
const gallery = (page: Page) => page.getByRole('list', { name: 'Photos' }).getByRole('img');

/** Creates an album with real pictures and a link to it, as the page's user. */
async function shareAlbum(page: Page, fields: object) {
	const assetIds = await uploadPhotos(page, 2);
	const album = await page.request.post('/api/albums', { data: { albumName: 'At the lake', assetIds } });
	const { id: albumId } = Created.parse(await album.json());
	const reply = await page.request.post('/api/shared-links', { data: { type: 'ALBUM', albumId, ...fields } });
	return { ...Link.parse(await reply.json()), albumId };
}

test('a visitor uploads with progress, tries again, looks at the photos and downloads them', async ({
	seed,
	visit
}) => {
	const owner = await visit(await seed.makeUser());
	const { id, key, albumId } = await shareAlbum(owner, { allowUpload: true });
	const guest = await visit(null, phone);
	await guest.goto(`/share/${key}`);
	await expect(gallery(guest)).toHaveCount(2);
	await expect.poll(() => countLoaded(guest)).toBe(2);
	const input = guest.getByLabel('Add your photos and videos');
	await input.setInputFiles([
		await file('one.jpg'),
		await file('two.jpg'),
		{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') }
	]);
	await expect(guest.getByText('2 uploaded, 0 already there, 1 failed')).toBeVisible();
	await expect(guest.getByText('Unsupported file type notes.txt')).toBeVisible();
	await expect(gallery(guest)).toHaveCount(4);
	await press(guest, 'Close');

	await guest.route(/\/api\/assets\?/, (route) => route.abort(), { times: 1 });
	await input.setInputFiles(await file('three.jpg'));
	await expect(guest.getByText('Couldn’t reach the server.')).toBeVisible();
	await press(guest, 'Try again');
	await expect(guest.getByText('1 uploaded, 0 already there, 0 failed')).toBeVisible();
	await press(guest, 'Close');
	await expect(gallery(guest)).toHaveCount(5);
	await expect.poll(() => countLoaded(guest)).toBe(5);

	const downloading = guest.waitForEvent('download');
	await guest.getByRole('link', { name: 'Download all' }).click();
	const download = await downloading;
	expect(download.suggestedFilename()).toBe('At the lake.zip');
	expect((await stat(await download.path())).size).toBeGreaterThan(5_000);

	await guest.getByRole('list', { name: 'Photos' }).getByRole('link').first().click();
	await expect(guest.getByRole('link', { name: 'Next' })).toBeVisible();
	await expect.poll(() => countLoaded(guest)).toBe(1);
	await guest.getByRole('link', { name: 'Next' }).click();
	await expect(guest.getByRole('link', { name: 'Previous' })).toBeVisible();
	await guest.getByRole('link', { name: 'Back to all photos' }).click();

	await owner.goto(`/albums/${albumId}`);
	await expect(owner.getByRole('list', { name: 'Photos' }).getByRole('link')).toHaveCount(5);
	await owner.request.delete(`/api/shared-links/${id}`);
	await input.setInputFiles(await file('late.jpg'));
	await expect(guest.getByText('0 uploaded, 0 already there, 1 failed')).toBeVisible();
	expect((await guest.goto(`/share/${key}`))?.status()).toBe(404);
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('a visitor uploads a photo and comes back to the page with a message', async ({ seed, visit }) => {
		const owner = await visit(await seed.makeUser());
		const { id, key } = await shareAlbum(owner, { allowUpload: true, slug: 'at-the-lake', password: 'sand' });
		const guest = await visit(null, phone);
		await guest.goto('/s/at-the-lake');
		await guest.getByLabel('Password', { exact: true }).fill('sand');
		await press(guest, 'Show the photos');
		const input = guest.getByLabel('Add your photos and videos');
		const photo = await file('mine.jpg');
		await input.setInputFiles(photo);
		await press(guest, 'Upload');
		await expect(guest.getByRole('status')).toHaveText('Your photo was uploaded. Thank you!');
		await expect(guest).toHaveURL(/\/s\/at-the-lake\?uploaded=created$/);
		await expect(gallery(guest)).toHaveCount(3);
		await expect.poll(() => countLoaded(guest)).toBe(3);
		await input.setInputFiles(photo);
		await press(guest, 'Upload');
		await expect(guest.getByRole('status')).toHaveText('This photo is already here.');
		await input.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
		await press(guest, 'Upload');
		await expect(guest.getByRole('alert')).toHaveText('This type of file can’t be uploaded. Choose photos or videos.');
		await expect(gallery(guest)).toHaveCount(3);

		// The right to upload is taken away while the page is open.
		await owner.request.patch(`/api/shared-links/${id}`, { data: { slug: 'at-the-lake', allowUpload: false } });
		await input.setInputFiles(await file('late.jpg'));
		await press(guest, 'Upload');
		await expect(gallery(guest)).toHaveCount(3);
		await expect(guest.getByText('Thank you')).toHaveCount(0);
		await owner.request.post(`/api/shared-links/${id}/expire`);
		for (const path of ['/s/at-the-lake', `/share/${key}`]) {
			expect((await guest.goto(path))?.status()).toBe(404);
			await expect(guest.getByRole('heading', { level: 1 })).toHaveText('This link doesn’t work');
		}
	});

	test('an upload needs the password', async ({ seed, visit, server }) => {
		const owner = await visit(await seed.makeUser());
		const { key, albumId } = await shareAlbum(owner, { allowUpload: true, password: 'sand' });
		const guest = await visit(null);
		const reply = await guest.request.post(`${server.url}/share/${key}?/upload`, {
			headers: { origin: server.url, accept: 'text/html' },
			multipart: { assetData: await file('mine.jpg') }
		});
		expect(reply.status()).toBe(401);
		await owner.goto(`/albums/${albumId}`);
		await expect(owner.getByRole('list', { name: 'Photos' }).getByRole('link')).toHaveCount(2);
	});
});
