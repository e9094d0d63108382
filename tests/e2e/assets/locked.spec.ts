import type { Page } from 'playwright/test';
import type { TestUser, Seed } from '../support/accounts.ts';
import { endUnlock } from '../support/photos.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { uploadPhotos } from '../support/uploads.ts';

const links = (page: Page) => page.locator('section a[href^="/photos/"]');
const pin = { pinCode: '482913' };

/** Opens the locked folder with one photo, unlocked, and returns the photo's ID. */
async function openLocked(page: Page): Promise<string> {
	const [id = ''] = await uploadPhotos(page, 1);
	await page.request.put('/api/assets', { data: { ids: [id], visibility: 'locked' } });
	await page.request.post('/api/auth/pin-code', { data: pin });
	await page.request.post('/api/auth/session/unlock', { data: pin });
	await page.goto('/photos/locked');
	await expect(links(page)).toHaveCount(1);
	return id;
}

const start = async (seed: Seed, visit: (user: TestUser) => Promise<Page>) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	return { user, page, id: await openLocked(page) };
};

test('what is locked disappears from every tab when one of them locks', async ({ seed, visit, complaints }) => {
	const { page, id } = await start(seed, visit);
	const [grid, viewer] = [await page.context().newPage(), await page.context().newPage()];
	await grid.goto('/photos/locked');
	await viewer.goto(`/photos/${id}`);
	await expect(links(grid)).toHaveCount(1);
	await expect(viewer.getByRole('img')).toHaveCount(1);
	await page.bringToFront();
	await press(page, 'Lock now');
	for (const tab of [page, grid, viewer]) {
		await expect(tab.getByLabel('PIN', { exact: true })).toBeVisible();
		await expect(tab.locator(`[src*="${id}"]`)).toHaveCount(0);
	}
	complaints.clear();
});

test('what is locked disappears when the time is over', async ({ seed, visit, server, complaints }) => {
	const { user, page, id } = await start(seed, visit);
	const viewer = await page.context().newPage();
	// Any later request, also a connection, would extend the time.
	const connected = [page, viewer].map(async (tab) => {
		const socket = await tab.waitForEvent('websocket');
		await socket.waitForEvent('framereceived', ({ payload }) => payload.toString().includes('console_elevation'));
	});
	await page.goto('/photos/locked');
	await viewer.goto(`/photos/${id}`);
	await Promise.all(connected);
	await expect(links(page)).toHaveCount(1);
	await expect(viewer.getByRole('img')).toHaveCount(1);
	await viewer.waitForLoadState('networkidle');
	await endUnlock(server.dataDir, user.id, 1_000);
	for (const tab of [page, viewer]) {
		await expect(tab.getByLabel('PIN', { exact: true })).toBeVisible();
		await expect(tab.locator(`[src*="${id}"]`)).toHaveCount(0);
	}
	complaints.clear();
});
