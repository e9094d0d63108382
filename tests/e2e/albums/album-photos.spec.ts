import type { Page } from 'playwright/test';
import { addTimeline, paintThumbnails, withSharing } from '../support/photos.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { countLoaded, uploadPhotos } from '../support/uploads.ts';

// Colors still in transition would be misread.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const photos = (page: Page) => page.getByRole('list', { name: 'Photos' }).getByRole('listitem');

test('photos are added to an album, selected from the grid, and removed again', async ({ seed, server, visit }) => {
	const [ada, bob] = [await seed.makeUser(), await seed.makeUser()];
	const id = await withSharing(server.dataDir, (sharing) =>
		sharing.makeAlbum([
			[ada.id, 'owner'],
			[bob.id, 'editor']
		])
	);
	const page = await visit(ada);
	await uploadPhotos(page, 4);
	await page.goto(`/albums/${id}`);
	await page.getByRole('link', { name: 'Add photos' }).first().click();
	const grid = page.getByRole('region', { name: 'Your photos' });
	await expect(grid.getByRole('button')).toHaveCount(4);
	await press(page, 'Add to album');
	await expect(page.getByText('Choose at least one photo.')).toBeVisible();
	await grid.getByRole('button').first().click();
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('Space');
	await expect(page.getByText('2 selected')).toBeVisible();
	await press(page, 'Add to album');
	await expect(photos(page)).toHaveCount(2);
	await expect.poll(() => countLoaded(page)).toBeGreaterThanOrEqual(2);

	const other = await visit(bob);
	await uploadPhotos(other, 1, '2026-07-01T12:00:00.000Z');
	await other.goto(`/albums/${id}/add`);
	await other.getByRole('region', { name: 'Your photos' }).getByRole('button').first().click();
	await press(other, 'Add to album');
	await expect(photos(other)).toHaveCount(3);
	await other.getByRole('link', { name: 'Select photos' }).click();
	await expect(other.getByRole('checkbox')).toHaveCount(1);
	await other.getByRole('checkbox').check();
	await press(other, 'Remove from album');
	await expect(photos(other)).toHaveCount(2);

	await page.goto(`/albums/${id}?select=on`);
	await press(page, 'Remove from album');
	await expect(page.getByText('Choose at least one photo.')).toBeVisible();
	for (const box of await page.getByRole('checkbox').all()) await box.check();
	await press(page, 'Remove from album');
	await expect(page.getByText('No photos')).toBeVisible();
});

test('a selection goes to a new album, an existing one, and a link', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await uploadPhotos(page, 3);
	const select = async (count: number) => {
		await page.goto('/photos');
		const boxes = page.getByRole('checkbox');
		for (let at = 0; at < count; at++) await boxes.nth(at).click({ force: true });
		await expect(page.getByText(`${count} selected`)).toBeVisible();
		await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(count);
	};
	await select(2);
	await page.getByRole('link', { name: 'Add to album' }).click();
	await page.getByLabel('Name').fill('Summer');
	await press(page, 'Create album');
	await expect(heading(page)).toHaveText('Summer');
	await expect(photos(page)).toHaveCount(2);

	await select(3);
	await page.getByRole('link', { name: 'Add to album' }).click();
	await page.getByLabel('Album').selectOption('Summer');
	await press(page, 'Add 3 photos');
	await expect(photos(page)).toHaveCount(3);

	await select(2);
	await page.getByRole('link', { name: 'Share', exact: true }).click();
	await expect(page.getByText('2 selected photos')).toBeVisible();
	await press(page, 'Create link');
	await expect(heading(page)).toHaveText('2 photos');

	await page.goto('/albums');
	await page.getByRole('link', { name: /Summer/ }).click();
	await page.getByRole('link', { name: 'Create link' }).click();
	await expect(page.getByLabel('Album').locator('option:checked')).toHaveText('Summer');
	await press(page, 'Create link');
	await expect(heading(page)).toHaveText('Summer');
});

test('a selection that is too long for a URL gets there too', async ({ seed, server, visit }) => {
	const user = await seed.makeUser();
	await addTimeline(server.dataDir, user.id, 400);
	const page = await visit(user);
	await paintThumbnails(page);
	for (const [action, done] of [
		['Add to album', 'Create album'],
		['Share', 'Create link']
	] as const) {
		await page.goto('/photos');
		await page.getByRole('checkbox').first().click({ force: true });
		await page.keyboard.press('End');
		await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
		await page
			.getByRole('checkbox')
			.last()
			.click({ force: true, modifiers: ['Shift'] });
		const status = page.getByText(/^\d+ selected$/);
		await expect(status).toBeVisible();
		const count = Number.parseInt((await status.textContent()) ?? '0', 10);
		expect(count).toBeGreaterThan(100);
		await press(page, action);
		await expect(page).toHaveURL(/\?\/choose$/);
		if (action === 'Share') await expect(page.getByText(`${count} selected photos`)).toBeVisible();
		else await page.getByLabel('Name').fill('Long');
		await press(page, done);
		await expect(heading(page)).toHaveText(action === 'Share' ? `${count} photos` : 'Long');
	}
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('photos are chosen with checkboxes, a month at a time, and removed', async ({ seed, server, visit }) => {
		const ada = await seed.makeUser();
		const id = await withSharing(server.dataDir, (sharing) => sharing.makeAlbum([[ada.id, 'owner']]));
		const page = await visit(ada);
		await uploadPhotos(page, 2);
		await uploadPhotos(page, 1, '2026-05-20T12:00:00.000Z');
		await page.goto(`/albums/${id}/add`);
		await press(page, 'Add to album');
		await expect(page.getByText('Choose at least one photo.')).toBeVisible();
		await expect(page.getByRole('checkbox')).toHaveCount(2);
		await page.getByRole('checkbox').first().check();
		await press(page, 'Add to album');
		await expect(photos(page)).toHaveCount(1);
		await page.goto(`/albums/${id}/add`);
		await page.getByRole('link', { name: 'Older: May 2026' }).click();
		await page.getByRole('checkbox').check();
		await press(page, 'Add to album');
		await expect(photos(page)).toHaveCount(2);
		await page.getByRole('link', { name: 'Select photos' }).click();
		await page.getByRole('checkbox').first().check();
		await press(page, 'Remove from album');
		await expect(photos(page)).toHaveCount(1);
	});

	test('one photo goes to a new album and a link', async ({ seed, visit }) => {
		const page = await visit(await seed.makeUser());
		const [id] = await uploadPhotos(page, 1);
		await page.goto(`/photos/${id ?? ''}`);
		await page.getByRole('link', { name: 'Add to album' }).click();
		await press(page, 'Create album');
		await page.getByLabel('Name').fill('Summer');
		await press(page, 'Create album');
		await expect(photos(page)).toHaveCount(1);
		await page.goto(`/photos/${id ?? ''}`);
		await page.getByRole('link', { name: 'Share', exact: true }).click();
		await press(page, 'Create link');
		await expect(heading(page)).toHaveText('1 photo');
	});
});

test('the pages pass the page checks', async ({ seed, server, visit }) => {
	const ada = await seed.makeUser();
	const id = await withSharing(server.dataDir, (sharing) => sharing.makeAlbum([[ada.id, 'owner']]));
	const page = await visit(ada);
	await page.goto(`/albums/${id}/add`);
	await examine(page);
	const ids = await uploadPhotos(page, 8);
	await page.request.put(`/api/albums/${id}/assets`, { data: { ids } });
	for (const path of [
		`/albums/${id}/add`,
		`/albums/${id}?select=on`,
		'/albums/add',
		`/albums/add?assets=${ids.join(',')}`
	]) {
		await page.goto(path);
		await examine(page);
	}
});
