import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright/test';
import { readCsv } from '../support/batches.ts';
import { crowdOf } from './support/crowd.ts';
import { examine } from './support/examine.ts';
import { filterOf, namesIn, searchOf, signInByForm } from './support/pages.ts';
import { press } from './support/states.ts';
import { expect, test } from './support/test.ts';
import { open } from './support/watch.ts';

const crowdSize = 100_000;

// The first test waits until 100,000 accounts are made.
test.setTimeout(180_000);
test.use({ contextOptions: { reducedMotion: 'reduce' } });
test.beforeEach(({ seed, server }) => crowdOf(seed, server, crowdSize));

const boxes = (page: Page) => page.getByRole('checkbox', { name: /^Select (?!all on)/ });
const bar = (page: Page) => page.getByRole('form', { name: 'Change what is selected' });
const outcome = (page: Page, name: string) =>
	page.getByRole('navigation', { name: 'Outcomes' }).getByRole('link', { name });
/** Playwright wants its outlines indented by spaces. */
const outline = (text: TemplateStringsArray) => text.raw.join('').replaceAll('\t', '  ');
const textOf = async (download: Download) => readFile(await download.path(), 'utf8');

async function choose(page: Page, kind: string): Promise<void> {
	await bar(page).getByLabel('What to do').selectOption(kind);
	await press(page, 'Review…');
	await expect(page).toHaveURL(/\/admin\/users\/batches\/[\da-f-]{36}$/);
}

async function download(page: Page, act: () => Promise<void>): Promise<string> {
	const coming = page.waitForEvent('download');
	await act();
	return textOf(await coming);
}

test('among 100,000: found, filtered, selected over pages, changed, with one failure that is tried again', async ({
	adminPage: page,
	seed
}) => {
	await open(page, '/admin/users');
	await searchOf(page).pressSequentially('ada');
	await expect(page).toHaveURL(/q=ada/);
	await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText(/of 4,9\d\d|of 5,\d\d\d/);
	await filterOf(page, 'Sign-in').selectOption('Linked to OAuth');
	await expect(page.getByText('Nobody matches')).toBeVisible();
	await filterOf(page, 'Sign-in').selectOption('Any');
	await filterOf(page, 'Storage').selectOption('Over quota');
	await expect(page).toHaveURL(/quota=over/);
	await expect(page.getByText('Nobody matches')).toBeVisible();
	await filterOf(page, 'Storage').selectOption('Any');
	await expect(page).not.toHaveURL(/quota/);
	await expect(namesIn(page).first()).toContainText('Ada');

	// From the fourth to the ninth by Shift, without the sixth; then two of the next page; then oneself.
	await boxes(page).nth(3).click();
	await boxes(page)
		.nth(8)
		.click({ modifiers: ['Shift'] });
	await expect(bar(page)).toContainText('6 selected');
	await boxes(page).nth(5).click();
	await expect(bar(page)).toContainText('5 selected');
	await page.getByRole('link', { name: 'Next', exact: true }).click();
	await expect(page).toHaveURL(/after=/);
	await boxes(page).nth(0).click();
	await boxes(page)
		.nth(1)
		.click({ modifiers: ['Shift'] });
	await expect(bar(page)).toContainText('7 selected');
	await page.reload();
	await expect(bar(page)).toContainText('7 selected');
	await searchOf(page).fill('ada@example');
	await expect(namesIn(page)).toHaveText([seed.admin.name]);
	await boxes(page).nth(0).click();
	await expect(bar(page)).toContainText('8 selected');

	await choose(page, 'Delete');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete 8 users');
	await press(page, 'Delete 8 users');
	await expect(page.getByText('7 users deleted.')).toBeVisible();
	await expect(page.getByRole('progressbar')).toHaveAccessibleName('Progress');
	await outcome(page, 'Failed 1').click();
	await expect(page.getByRole('listitem').filter({ hasText: 'You cannot delete your own account' })).toContainText(
		seed.admin.name
	);
	await page.reload();
	await expect(page.getByText('You cannot delete your own account')).toBeVisible();
	const result = await download(page, () => page.getByRole('link', { name: 'Download the result' }).click());
	const rows = readCsv(result);
	expect(rows.map((row) => row['outcome']).sort()).toEqual([...Array<string>(7).fill('done'), 'failed']);

	await press(page, 'Try the 1 that failed again');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Delete 1 user');
	await press(page, 'Delete 1 user');
	await expect(page.getByText('0 users deleted.')).toBeVisible();
	await page.getByRole('link', { name: 'Changes of many' }).click();
	await expect(page.getByRole('listitem').filter({ hasText: 'Delete 8 users' })).toContainText('1 failed');

	// What was deleted is restored: all that match.
	await open(page, '/admin/users?status=deleted&q=ada');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await choose(page, 'Restore');
	await page.getByRole('button', { name: /^Restore/ }).click();
	await expect(page.getByText(/users restored\.$/)).toBeVisible();
});

test('all that match are changed at once, and the progress survives a reload', async ({ adminPage: page }) => {
	await open(page, '/admin/users?role=user');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await expect(bar(page)).toContainText('50 selected');
	await bar(page)
		.getByRole('button', { name: /^Select all/ })
		.click();
	await expect(bar(page)).toContainText(/All 9\d,\d{3} selected/);
	await bar(page).getByLabel('What to do').selectOption('Set the storage quota');
	await bar(page)
		.getByLabel(/^Quota/)
		.fill('nonsense');
	await press(page, 'Review…');
	await expect(page.getByText('Write a size such as 10 GiB')).toBeVisible();
	await bar(page)
		.getByLabel(/^Quota/)
		.fill('7 GiB');
	await press(page, 'Review…');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Set the quota of 9\d,\d{3} users to 7 GiB$/);
	await page.getByRole('button', { name: /^Set the quota/ }).click();
	await expect(page.getByText('It goes on when you leave this page.')).toBeVisible();
	await page.reload();
	await expect(page.getByText(/ users have the new quota\.$/)).toBeVisible({ timeout: 100_000 });
	await expect(page.getByRole('progressbar')).toHaveAttribute('aria-valuetext', /^(9\d,\d{3}) of \1$/);
});

test('by keys alone', async ({ adminPage: page }) => {
	await open(page, '/admin/users?q=clara');
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
	await focus('What to do');
	await page.keyboard.type('Require');
	await focus('Review…');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/batches/);
	await focus(/^Require a new password from 4 users/);
	await page.keyboard.press('Enter');
	await expect(page.getByText(/must choose a new password\.$/)).toBeVisible();
});

test('passwords are reset, handed out once, and work', async ({ adminPage: page, seed, visit }) => {
	const people = await Promise.all([1, 2, 3].map((index) => seed.makePerson({ name: `Resettable ${index}` })));
	await open(page, '/admin/users?q=resettable');
	await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
	await choose(page, 'Reset passwords');
	await press(page, 'Reset the passwords of 3 users');
	await expect(page.getByText('3 users have a temporary password.')).toBeVisible();

	const elsewhere = await visit(seed.admin);
	await open(elsewhere, new URL(page.url()).pathname);
	await expect(elsewhere.getByText('Only the browser in which this was started')).toBeVisible();
	await expect(elsewhere.getByRole('button', { name: 'Download the passwords' })).toHaveCount(0);

	const rows = readCsv(await download(page, () => press(page, 'Download the passwords')));
	expect(rows.map(({ email }) => email).sort()).toEqual(people.map(({ email }) => email).sort());
	await expect(page.getByRole('button', { name: 'Download the passwords' })).toHaveCount(0);
	const [{ email = '', password = '' } = {}] = rows;
	const theirs = await visit();
	await signInByForm(theirs, { email, password });
	await expect(theirs).toHaveURL('/auth/change-password');
	expect(await page.content()).not.toContain(password);
});

test('the list says what it counts, what is exported reads back, and columns stay chosen', async ({
	adminPage: page
}) => {
	await open(page, '/admin/users?seen=never');
	await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('of more than 10,000');
	await open(page, '/admin/users?q=hugo&role=admin');
	const more = page.getByLabel('More', { exact: true });
	await more.click();
	const csv = readCsv(
		await download(page, () => page.getByRole('link', { name: 'Export what is listed as CSV' }).click())
	);
	const json: unknown = JSON.parse(
		await download(page, () => page.getByRole('link', { name: 'Export what is listed as JSON' }).click())
	);
	expect(json).toHaveLength(csv.length);
	const counted = await page.getByRole('navigation', { name: 'Pages' }).textContent();
	expect(counted).toContain(`of ${csv.length.toLocaleString('en')}`);
	expect(csv.every(({ role, name = '' }) => role === 'admin' && /hugo/i.test(name))).toBe(true);

	await page.setViewportSize({ width: 1600, height: 900 });
	const header = (name: string) => page.getByRole('columnheader', { name });
	await expect(header('Sign-in')).toHaveCount(0);
	await page.getByLabel('Columns', { exact: true }).click();
	await page.getByRole('checkbox', { name: 'Sign-in' }).check();
	await expect(header('Sign-in')).toBeVisible();
	await page.getByRole('checkbox', { name: 'Last seen' }).uncheck();
	await expect(header('Last seen')).toHaveCount(0);
	await open(page, '/admin/users');
	await expect(header('Sign-in')).toBeVisible();
	await expect(header('Last seen')).toHaveCount(0);
});

test('on a phone the bar leaves room, and the menus are in view', async ({ adminPage: page }) => {
	for (const size of [
		{ width: 320, height: 640 },
		{ width: 360, height: 740 }
	]) {
		await page.setViewportSize(size);
		await open(page, '/admin/users?q=elif');
		await boxes(page).first().check();
		await bar(page).getByLabel('What to do').selectOption('Set the storage quota');
		const box = await bar(page).boundingBox();
		expect(box?.height).toBeLessThan(225);
		await bar(page).getByLabel('What to do').selectOption('Require a new password');
		expect((await bar(page).boundingBox())?.height).toBeLessThan(160);
		expect((await bar(page).getByLabel('What to do').boundingBox())?.width).toBeGreaterThan(140);
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

test('a server that goes away for a while takes nothing from the page', async ({ adminPage: page }) => {
	await open(page, '/admin/users?q=farid');
	await boxes(page).first().check();
	await choose(page, 'Reset passwords');
	// As long as the answer says so, the page believes that it runs.
	await page.route('**/batches/**/__data.json**', async (route) => {
		const answer = await route.fetch();
		await route.fulfill({ response: answer, body: (await answer.text()).replaceAll('"finished"', '"running"') });
	});
	await page.getByRole('button', { name: /^Reset the passwords/ }).click();
	await expect(page.getByText('It goes on when you leave this page.')).toBeVisible();
	await page.route('**/api/admin/user-batches/**', (route) => route.abort());
	await expect(page.getByText('The server cannot be reached.')).toBeVisible();
	await expect(page.getByRole('progressbar')).toBeVisible();
	await page.unrouteAll();
	await expect(page.getByText('1 user has a temporary password.')).toBeVisible();
});

test('the page of a change is well made for every reader', async ({ adminPage: page }) => {
	await open(page, '/admin/users?q=greta');
	await boxes(page).nth(0).check();
	await boxes(page).nth(1).check();
	await expect(bar(page)).toMatchAriaSnapshot(outline`
		- form "Change what is selected":
			- paragraph:
				- status: 2 selected
				- button /Select all [\d,]+ matching/
				- button "Clear"
			- text: What to do
			- combobox "What to do":
				- option "Require a new password" [selected]
				- option "Reset passwords"
				- option "Set the storage quota"
				- option "Delete"
				- option "Restore"
			- button "Review…"
	`);
	await examine(page);
	await choose(page, 'Require a new password');
	await examine(page);
	await expect(page.getByRole('main')).toMatchAriaSnapshot(outline`
		- heading "Require a new password from 2 users" [level=1]
		- button "Require a new password from 2 users"
		- button "Discard"
		- navigation "Outcomes":
			- link "All 2"
			- link "To do 2"
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

test.describe('without JavaScript', () => {
	test('boxes are ticked, reviewed, started and followed', async ({ seed, visit }) => {
		const person = await seed.makePerson({ name: 'Scriptless' });
		const page = await visit(seed.admin, { javaScriptEnabled: false });
		await page.goto('/admin/users?q=scriptless');
		await press(page, 'Review…');
		await expect(page.getByText('Choose at least one account')).toBeVisible();
		await page.getByRole('checkbox', { name: 'Select Scriptless' }).check();
		await page.getByLabel('What to do').selectOption('Set the storage quota');
		await page.getByLabel(/^Quota/).fill('3 GiB');
		await press(page, 'Review…');
		await expect(page.getByRole('heading', { level: 1 })).toHaveText('Set the quota of 1 user to 3 GiB');
		await press(page, 'Set the quota of 1 user to 3 GiB');
		await expect(page.getByText('1 user has the new quota.')).toBeVisible();
		await page.goto('/admin/users?q=scriptless');
		await page.getByRole('checkbox', { name: /on every page/ }).check();
		await page.getByLabel('What to do').selectOption('Reset passwords');
		await press(page, 'Review…');
		await press(page, 'Reset the passwords of 1 user');
		const button = page.getByRole('button', { name: 'Download the passwords' });
		await expect(button).toBeVisible({ timeout: 20_000 });
		const [row] = readCsv(await download(page, () => button.click()));
		expect(row?.['email']).toBe(person.email);
		await page.reload();
		await expect(button).toHaveCount(0);
	});
});
