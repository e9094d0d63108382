import type { Page } from 'playwright/test';
import type { Seed } from '../support/accounts.ts';
import { namesIn } from '../support/pages.ts';
import { expect, test } from '../support/test.ts';

const count = 120;
const atOnce = 8;

const planted = new WeakMap<Seed, Promise<void>>();

/** Creates enough users, some with the same name, to fill three pages. */
function fill(seed: Seed): Promise<void> {
	const filling = planted.get(seed) ?? makeMany(seed);
	planted.set(seed, filling);
	return filling;
}

async function makeMany(seed: Seed): Promise<void> {
	for (let made = 0; made < count; made += atOnce)
		await Promise.all(
			Array.from({ length: atOnce }, (_, index) =>
				seed.makeUser({ name: `Twin ${(made + index) % 40}`, email: `p${made + index}@example.test` })
			)
		);
}

/** The emails of the users on this page. */
const shown = (page: Page): Promise<(string | null)[]> =>
	namesIn(page).evaluateAll((links) => links.map((link) => link.getAttribute('href')));

const pages = (page: Page) => page.getByRole('navigation', { name: 'Pages' });
const turn = (page: Page, name: string) => pages(page).getByRole('link', { name }).click();

test.beforeEach(async ({ seed }) => fill(seed));

for (const order of ['', '?sort=name&direction=asc', '?sort=lastSeenAt&direction=desc', '?sort=usage&direction=asc'])
	test(`the pages list each user once, sorted by ${order || 'what stands there at first'}`, async ({
		adminPage: page
	}) => {
		await page.goto(`/admin/users${order}`);
		await expect(pages(page)).toContainText('Showing 1–50 of 121');
		await expect(pages(page).getByRole('link', { name: 'Previous' })).toHaveCount(0);
		const first = await shown(page);
		await turn(page, 'Next');
		await expect(pages(page)).toContainText('Showing 51–100 of 121');
		const second = await shown(page);
		await turn(page, 'Next');
		await expect(pages(page)).toContainText('Showing 101–121 of 121');
		await expect(pages(page).getByRole('link', { name: 'Next' })).toHaveCount(0);
		const third = await shown(page);
		expect(new Set([...first, ...second, ...third]).size).toBe(121);
		expect([...first, ...second, ...third]).toHaveLength(121);

		await turn(page, 'Previous');
		await expect(pages(page)).toContainText('Showing 51–100 of 121');
		expect(await shown(page)).toEqual(second);
		await turn(page, 'Previous');
		await expect(pages(page)).toContainText('Showing 1–50 of 121');
		expect(await shown(page)).toEqual(first);
	});

test('a page links to the first one, goes back, and opens the same elsewhere', async ({
	adminPage: page,
	seed,
	visit
}) => {
	await page.goto('/admin/users?q=example');
	await turn(page, 'Next');
	await expect(pages(page)).toContainText('Showing 51–100 of 121');
	const second = await shown(page);
	const address = page.url();
	await turn(page, 'First');
	await expect(pages(page)).toContainText('Showing 1–50 of 121');
	await expect(page).toHaveURL('/admin/users?q=example');
	await page.goBack();
	await expect(pages(page)).toContainText('Showing 51–100 of 121');
	expect(await shown(page)).toEqual(second);

	const elsewhere = await visit(seed.admin, { javaScriptEnabled: false });
	await elsewhere.goto(address);
	await expect(pages(elsewhere)).toContainText('Showing 51–100 of 121');
	expect(await shown(elsewhere)).toEqual(second);
	await turn(elsewhere, 'Next');
	await expect(pages(elsewhere)).toContainText('Showing 101–121 of 121');
});

test('a new page starts at its top, and going back returns to the same row', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	const row = namesIn(page).nth(40);
	await row.scrollIntoViewIfNeeded();
	const before = await page.evaluate(() => scrollY);
	expect(before).toBeGreaterThan(0);
	await row.click();
	await expect(page.getByRole('heading', { level: 1, name: /^Twin/ })).toBeVisible();
	await page.goBack();
	await expect(pages(page)).toContainText('Showing 1–50 of 121');
	await expect.poll(() => page.evaluate(() => scrollY)).toBe(before);
	await turn(page, 'Next');
	await expect(pages(page)).toContainText('Showing 51–100 of 121');
	await expect.poll(() => page.evaluate(() => scrollY)).toBe(0);
});

test('a filter starts at the first page', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await turn(page, 'Next');
	await expect(pages(page)).toContainText('Showing 51–100 of 121');
	await page.getByRole('searchbox', { name: 'Search' }).fill('twin 1');
	await expect(pages(page)).toContainText('Showing 1–33 of 33');
});
