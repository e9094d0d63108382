import type { Page } from 'playwright/test';
import { createPicture } from '../../support/pictures.ts';
import { findRow } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const chooser = (page: Page) => page.getByLabel(/^Choose (a|another) picture$/);
const pictures = (page: Page) => page.locator('img[src*="/profile-image?updatedAt="]');
const file = async (name = 'me.jpg') => ({ name, mimeType: 'image/jpeg', buffer: await createPicture('jpeg') });

/** Checks that a picture has loaded: a broken one has no width. */
const widths = (page: Page) =>
	pictures(page).evaluateAll((all) => all.map((image) => (image instanceof HTMLImageElement ? image.naturalWidth : 0)));

test('a picture is previewed, saved, shown everywhere, and removed', async ({ adminPage, seed, visit }) => {
	const user = await seed.makeUser({ name: 'Pola' });
	const page = await visit(user);
	await page.goto('/account/profile');
	await expect(pictures(page)).toHaveCount(0);
	await chooser(page).setInputFiles(await file());
	await expect(page.getByText('Preview. Save to apply.')).toBeVisible();
	await expect(page.locator('img[src^="data:image/jpeg"]')).toHaveCount(1);
	await press(page, 'Save picture');
	await expect(page.getByText('Picture saved')).toBeVisible();
	// In the header and on the page.
	await expect.poll(() => widths(page)).toEqual([250, 250]);
	await expect(chooser(page)).toHaveValue('');

	await adminPage.goto('/admin/users');
	await expect(findRow(adminPage, 'Pola').locator('img')).toHaveCount(1);
	await expect.poll(() => widths(adminPage)).toEqual([250]);
	await adminPage.goto(`/admin/users/${user.id}`);
	await expect.poll(() => widths(adminPage)).toEqual([250]);

	await press(page, 'Remove picture');
	await expect(page.getByText('Picture removed')).toBeVisible();
	await expect(pictures(page)).toHaveCount(0);
	await expect(page.getByRole('button', { name: 'Remove picture' })).toHaveCount(0);
});

test('a file that is not a picture is refused with a field error', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/profile');
	await press(page, 'Save picture');
	await expect(chooser(page)).toHaveAccessibleDescription(/missing/);
	await chooser(page).setInputFiles({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg/>') });
	await press(page, 'Save picture');
	await expect(chooser(page)).toHaveAccessibleDescription(/Unsupported image/);
	await expect(chooser(page)).toBeFocused();
	await expect(pictures(page)).toHaveCount(0);
});

test('a file that is too large is refused before upload', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/profile');
	const sent: string[] = [];
	page.on('request', (request) => sent.push(request.method()));
	await chooser(page).setInputFiles({
		name: 'huge.jpg',
		mimeType: 'image/jpeg',
		buffer: Buffer.alloc(17 * 1024 * 1024)
	});
	await expect(chooser(page)).toHaveAccessibleDescription(/at most 16 MiB/);
	await press(page, 'Save picture');
	await expect(chooser(page)).toBeFocused();
	expect(sent).not.toContain('POST');
});

test('without a connection nothing is lost', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/profile');
	await chooser(page).setInputFiles(await file());
	await page.context().setOffline(true);
	await press(page, 'Save picture');
	await expect(page.getByText('Couldn’t reach the server. Your changes are still here – try again.')).toBeVisible();
	await page.context().setOffline(false);
	await press(page, 'Save picture');
	await expect(page.getByText('Picture saved')).toBeVisible();
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('a picture is saved and removed, and a refusal shows an error', async ({ seed, visit }) => {
		const page = await visit(await seed.makeUser(), { javaScriptEnabled: false });
		await page.goto('/account/profile');
		await chooser(page).setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from('text') });
		await press(page, 'Save picture');
		await expect(chooser(page)).toHaveAccessibleDescription(/Unsupported image/);
		await chooser(page).setInputFiles(await file());
		await press(page, 'Save picture');
		await expect(page).toHaveURL('/account/profile');
		await expect(pictures(page)).toHaveCount(2);
		await press(page, 'Remove picture');
		await expect(page).toHaveURL('/account/profile');
		await expect(pictures(page)).toHaveCount(0);
	});
});
