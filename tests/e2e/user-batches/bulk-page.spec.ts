import { bar, boxes, choose, outline } from '../support/bulk.ts';
import { getCrowd } from '../support/crowd.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });
// Each first name has 100 users: more than one page.
test.beforeEach(({ seed, server }) => getCrowd(seed, server, 2_000));

test('users are selected and changed by keyboard alone', async ({ adminPage: page }) => {
	await page.goto('/admin/users?q=clara');
	const focus = (name: string | RegExp, most = 60) =>
		test.step(`to ${String(name)}`, async () => {
			for (let step = 0; step < most; step += 1) {
				const found = await page.evaluate(() => {
					const element = document.activeElement;
					if (!(element instanceof HTMLElement)) return '';
					const label =
						element instanceof HTMLInputElement || element instanceof HTMLSelectElement ? element.labels?.[0] : null;
					return (element.ariaLabel ?? label?.textContent ?? element.textContent).trim();
				});
				if (typeof name === 'string' ? found === name : name.test(found)) return;
				await page.keyboard.press('Tab');
			}
			throw new Error(`No way to ${String(name)}`);
		});
	await focus('Select all on this page');
	await focus(/^Select Clara/);
	await page.keyboard.press('Space');
	await expect(bar(page)).toContainText('1 selected');
	for (const _ of [1, 2, 3]) {
		await page.keyboard.press('Tab');
		await focus(/^Select Clara/);
	}
	await page.keyboard.press('Shift+Space');
	await expect(bar(page)).toContainText('4 selected');
	await boxes(page).last().focus();
	await focus('Action');
	await page.keyboard.type('Require');
	await focus('Review…');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/batches/);
	await focus(/^Require a password change from 4 users/);
	await page.keyboard.press('Enter');
	await expect(page.getByText(/must choose a new password\.$/)).toBeVisible();
});

test('on a phone the bar leaves room, and the menus are in view', async ({ adminPage: page }) => {
	for (const size of [
		{ width: 320, height: 640 },
		{ width: 360, height: 740 }
	]) {
		await page.setViewportSize(size);
		await page.goto('/admin/users?q=elif');
		await boxes(page).first().check();
		await bar(page).getByLabel('Action', { exact: true }).selectOption('Set the storage quota');
		const box = await bar(page).boundingBox();
		expect(box?.height).toBeLessThan(225);
		await bar(page).getByLabel('Action', { exact: true }).selectOption('Require password change');
		expect((await bar(page).boundingBox())?.height).toBeLessThan(160);
		expect((await bar(page).getByLabel('Action', { exact: true }).boundingBox())?.width).toBeGreaterThan(140);
		for (const menu of ['Columns', 'More']) {
			await page.getByLabel(menu, { exact: true }).click();
			const panel = page.locator('details[open] > div');
			await expect(panel).toBeInViewport({ ratio: 1 });
			await page.keyboard.press('Escape');
		}
		await press(page, 'Clear');
		await expect(bar(page)).toBeHidden();
	}
});

test('the page of a bulk action passes the page checks', async ({ adminPage: page }) => {
	await page.goto('/admin/users?q=greta');
	await boxes(page).nth(0).check();
	await boxes(page).nth(1).check();
	await expect(bar(page)).toMatchAriaSnapshot(outline`
		- form "Bulk actions":
			- paragraph:
				- status: 2 selected
				- button /Select all [\d,]+ matching/
				- button "Clear"
			- text: Action
			- combobox "Action":
				- option "Require password change" [selected]
				- option "Reset passwords"
				- option "Set the storage quota"
				- option "Delete"
				- option "Restore"
			- button "Review…"
	`);
	await examine(page);
	await choose(page, 'Require password change');
	await examine(page);
	await expect(page.getByRole('main')).toMatchAriaSnapshot(outline`
		- heading "Require a password change from 2 users" [level=1]
		- button "Require a password change from 2 users"
		- button "Discard"
		- navigation "Outcomes":
			- link "All 2"
			- link "Ready 2"
		- list:
			- listitem:
				- link /Greta/
	`);
	await page.getByRole('button', { name: /^Require/ }).click();
	await expect(page.getByText(/must choose a new password\.$/)).toBeVisible();
	await expect(page.getByRole('main')).toMatchAriaSnapshot(outline`
		- progressbar "Progress"
		- status: /must choose a new password/
		- navigation "Outcomes"
		- list
	`);
	await examine(page);
});
