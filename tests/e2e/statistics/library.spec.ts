import type { Page } from 'playwright/test';
import { formatDay } from '#lib/console/ui/format/dates.ts';
import { expect, test } from '../support/test.ts';

const dayMs = 86_400_000;
const dayAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
const findSummary = (page: Page) =>
	page
		.getByRole('main')
		.locator('p')
		.filter({ hasText: /upload/ });

test('an admin sees how much a user has uploaded, and when', async ({ adminPage: page, seed, visit }) => {
	const user = await seed.makeUser({ name: 'Lena' });
	await seed.addPhotos(user, { [dayAgo(3)]: 9, [dayAgo(40)]: 2, [dayAgo(600)]: 1 });
	await page.goto(`/admin/users/${user.id}`);
	const main = page.getByRole('main');
	for (const [term, count] of [
		['Photos', '11'],
		['Videos', '1'],
		['In trash', '0']
	])
		await expect(
			main
				.locator('dl > div')
				.filter({ hasText: term ?? '' })
				.getByRole('definition')
		).toHaveText(count ?? '');
	const said = `11 uploads on 2 days from ${formatDay(dayAgo(364))} to ${formatDay(dayAgo(0))}; at most 9 on one day.`;
	await expect(findSummary(page)).toHaveText(said);
	await expect(page.getByRole('img', { name: said })).toBeVisible();

	const table = page.getByRole('table').filter({ hasText: 'Busiest day' });
	await expect(table).toBeHidden();
	await page.getByText('Show as table').focus();
	await page.keyboard.press('Enter');
	await expect(table.getByRole('row')).toHaveCount(
		(await page.getByRole('img', { name: said }).locator('svg').count()) + 1
	);
	await expect(table.getByRole('row').filter({ hasText: `9 on ${formatDay(dayAgo(3))}` })).toHaveCount(1);

	const own = await visit(user);
	await own.goto('/account/profile');
	await expect(findSummary(own)).toHaveText(said);
});

test('hovering shows a day of the calendar', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await seed.addPhotos(user, { [dayAgo(0)]: 4 });
	await page.goto(`/admin/users/${user.id}`);
	const month = page
		.getByRole('img', { name: /^4 uploads/ })
		.locator('svg')
		.last();
	await month.scrollIntoViewIfNeeded();
	const today = await month.locator('.upload-level-4').boundingBox();
	await page.mouse.move((today?.x ?? 0) + 5, (today?.y ?? 0) + 5);
	await expect(page.getByText(`${formatDay(dayAgo(0))}: 4 uploads`)).toBeVisible();
	await page.mouse.move(0, 0);
	await expect(page.getByText(`${formatDay(dayAgo(0))}: 4 uploads`)).toHaveCount(0);
});

test('a user without photos sees a message instead of a calendar', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.goto(`/admin/users/${user.id}`);
	await expect(page.getByText(/^No uploads from/)).toBeVisible();
	await expect(page.getByText('Show as table')).toHaveCount(0);
});
