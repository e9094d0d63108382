import type { Page } from 'playwright/test';
import { namesIn, findSearch } from '../support/pages.ts';
import { getTestUsers } from '../support/test-users.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.beforeEach(async ({ seed }) => getTestUsers(seed));

const help = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });

test('j and k move between rows, Enter opens, e edits', async ({ adminPage: page }) => {
	await page.goto('/admin/users?sort=name&direction=asc');
	const names = namesIn(page);
	await page.keyboard.press('j');
	await expect(names.nth(0)).toBeFocused();
	await page.keyboard.press('j');
	await expect(names.nth(1)).toBeFocused();
	await page.keyboard.press('k');
	await page.keyboard.press('k');
	await expect(names.nth(0)).toBeFocused();
	const address = await names.nth(0).getAttribute('href');
	await page.keyboard.press('e');
	await expect(page).toHaveURL(`${address ?? ''}/edit`);
	await page.goBack();
	await expect(names.first()).toBeVisible();
	await page.keyboard.press('j');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(address ?? '');
});

test('x ticks the box of a row that has one', async ({ adminPage: page }) => {
	await page.goto('/api-reference');
	await page.evaluate(() => {
		const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
		box.dataset['rowSelect'] = '';
		document.querySelector('[data-row]')?.prepend(box);
	});
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	const box = page.locator('input[data-row-select]');
	await expect(box).toBeChecked();
	await box.focus();
	await page.keyboard.press('x');
	await expect(box).not.toBeChecked();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/api-reference\/\w+/);
});

test('/ focuses the search, and in fields keys only type letters', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await page.keyboard.press('/');
	await expect(findSearch(page)).toBeFocused();
	await page.keyboard.type('jk?/x');
	await expect(findSearch(page)).toHaveValue('jk?/x');
	await expect(help(page)).toHaveCount(0);
	await page.goto('/account/password');
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('/');
	await expect(page.getByRole('combobox')).toBeFocused();
});

test('? opens the help, where single keys can be turned off permanently', async ({ adminPage: page, seed }) => {
	await page.goto('/admin/users');
	await page.keyboard.press('?');
	await expect(help(page)).toBeVisible();
	await page.keyboard.press('j');
	await expect(help(page).locator(':focus')).toHaveCount(1);
	await help(page).getByRole('checkbox').uncheck();
	await press(page, 'Close');
	await expect(help(page)).toHaveCount(0);
	await page.reload();
	await page.waitForSelector('html[data-started]');
	await page.keyboard.press('?');
	await page.keyboard.press('j');
	await page.keyboard.press('/');
	await expect(help(page)).toHaveCount(0);
	await expect(page.locator('body')).toBeFocused();
	// The menu still leads there, and Ctrl K is not a single key.
	await page.getByLabel(`Account of ${seed.admin.name}`).click();
	await press(page, 'Keyboard shortcuts');
	await expect(help(page).getByRole('checkbox')).not.toBeChecked();
	await help(page).getByRole('checkbox').check();
	await page.keyboard.press('Escape');
	await expect(help(page)).toHaveCount(0);
	await page.getByRole('heading', { level: 1 }).click();
	await page.keyboard.press('j');
	await expect(namesIn(page).first()).toBeFocused();
});
