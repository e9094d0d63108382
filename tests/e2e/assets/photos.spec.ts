import { createPicture } from '../../support/pictures.ts';
import { createUniquePicture } from '../../support/uploads.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { addTimeline } from '../support/photos.ts';
import type { Page } from 'playwright/test';

const links = (page: Page) => page.locator('section a[href^="/photos/"]');
const file = async (name: string) => ({ name, mimeType: 'image/jpeg', buffer: await createUniquePicture() });
const upload = async (page: Page, count: number) => {
	await page.goto('/photos');
	const files = [];
	for (let at = 0; at < count; at++) files.push(await file(`${at}.jpg`));
	await page.getByLabel('Upload photos').setInputFiles(files);
	await expect(page.getByText(`${count} uploaded, 0 already there, 0 failed`)).toBeVisible();
	await expect(links(page)).toHaveCount(count);
};
const loaded = (page: Page) =>
	page
		.locator('section img')
		.evaluateAll((all) => all.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length);

test('photos are uploaded, shown, opened with the keyboard, and moved to the archive and the trash', async ({
	seed,
	visit
}) => {
	const page = await visit(await seed.makeUser());
	await upload(page, 3);
	await expect.poll(() => loaded(page)).toBe(3);
	// The same file again.
	await page.getByLabel('Upload photos').setInputFiles([
		{ name: 'same.jpg', mimeType: 'image/jpeg', buffer: await createPicture('jpeg', 90, 90) },
		{ name: 'same.jpg', mimeType: 'image/jpeg', buffer: await createPicture('jpeg', 90, 90) },
		{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no photo') }
	]);
	await expect(page.getByText('4 uploaded, 1 already there, 1 failed')).toBeVisible();
	await expect(page.getByText('Unsupported file type notes.txt')).toBeVisible();
	await press(page, 'Close');

	await links(page).first().focus();
	await page.keyboard.press('ArrowRight');
	await expect(links(page).nth(1)).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/photos\/[\da-f-]{36}$/);
	await page.getByRole('button', { name: 'Favorite' }).click();
	await expect(page.getByRole('button', { name: 'Favorite', pressed: true })).toBeVisible();
	await press(page, 'Archive');
	await expect(page).toHaveURL(/\/photos\/archive$/);
	await expect(links(page)).toHaveCount(1);

	await page.goto('/photos');
	await links(page).first().focus();
	await page.keyboard.press('x');
	await expect(page.getByText('1 selected')).toBeVisible();
	await press(page, 'Trash');
	await expect(links(page)).toHaveCount(2);
	await page.goto('/photos/trash');
	await expect(links(page)).toHaveCount(1);
	await press(page, 'Restore all');
	await expect(page.getByText('No photos')).toBeVisible();
});

test('the locked folder opens only with the PIN', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await upload(page, 1);
	await links(page).first().click();
	await press(page, 'Lock');
	await expect(page).toHaveURL(/\/photos\/locked$/);
	await expect(page.getByText('Set a PIN first')).toBeVisible();
	await page.request.post('/api/auth/pin-code', { data: { pinCode: '482913' } });
	await page.reload();
	await page.getByLabel('PIN', { exact: true }).fill('482913');
	await press(page, 'Unlock');
	await expect(links(page)).toHaveCount(1);
	await press(page, 'Lock now');
	await expect(page.getByLabel('PIN', { exact: true })).toBeVisible();
	await expect(links(page)).toHaveCount(0);
});

test('scrolling 10,000 photos keeps the page small and moves nothing', async ({ seed, visit, server }) => {
	const user = await seed.makeUser();
	await addTimeline(server.dataDir, user.id, 10_000);
	const page = await visit(user);
	await page.goto('/photos');
	const height = () => page.locator('section').evaluate((grid) => grid.clientHeight);
	const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
	await expect(links(page).first()).toBeVisible();
	const first = await height();
	let most = 0;
	for (let step = 0; step <= 20; step++) {
		await page.evaluate((part) => scrollTo(0, document.documentElement.scrollHeight * part), step / 20);
		await expect.poll(() => links(page).count()).toBeGreaterThan(0);
		most = Math.max(most, await nodes());
	}
	expect(most).toBeLessThan(1_500);
	expect(await height()).toBe(first);
	await page.keyboard.press('Home');
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('a photo is uploaded, shown and moved to the trash', async ({ seed, visit }) => {
		const page = await visit(await seed.makeUser());
		await page.goto('/photos');
		await page.getByLabel('Upload photos').setInputFiles(await file('plain.jpg'));
		await press(page, 'Upload');
		await expect(links(page)).toHaveCount(1);
		await expect.poll(() => loaded(page)).toBe(1);
		await links(page).first().click();
		await expect(page.getByRole('heading', { name: 'plain.jpg' })).toBeVisible();
		await press(page, 'Trash');
		await expect(page.getByText('No photos')).toBeVisible();
		await page.goto('/photos/trash');
		await press(page, 'Empty trash');
		await expect(page.getByText('No photos')).toBeVisible();
	});

	test('a file that is no photo is refused with a reason', async ({ seed, visit }) => {
		const page = await visit(await seed.makeUser());
		await page.goto('/photos');
		await page
			.getByLabel('Upload photos')
			.setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('x') });
		await press(page, 'Upload');
		await expect(page.getByText('This type of file can’t be uploaded.')).toBeVisible();
	});
});
