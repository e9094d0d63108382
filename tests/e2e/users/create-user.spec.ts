import type { Page } from 'playwright/test';
import { z } from 'zod';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const newUserPath = '/admin/users/new';
const Users = z.array(z.object({ email: z.string(), quotaSizeInBytes: z.number().nullable() }));

const field = (page: Page, label: string) => page.getByRole('textbox', { name: label });
const password = (page: Page) => page.getByLabel('Temporary password');

async function fillUser(page: Page, email: string, name = 'Petra'): Promise<void> {
	await field(page, 'Name').fill(name);
	await field(page, 'Email').fill(email);
}

test.beforeEach(({ adminPage }) => adminPage.goto(newUserPath));

test('a field is validated when it loses focus, and not before', async ({ adminPage: page }) => {
	await expect(field(page, 'Name')).toBeFocused();
	await field(page, 'Name').press('Tab');
	await expect(field(page, 'Email')).toBeFocused();
	await expect(page.locator('[aria-invalid="true"]')).toHaveCount(0);

	await page.keyboard.type('nonsense');
	await expect(page.locator('[aria-invalid="true"]')).toHaveCount(0);
	await page.keyboard.press('Tab');
	await expect(field(page, 'Email')).toHaveAccessibleDescription(/valid email address/);
	await page.keyboard.type('lots');
	await page.keyboard.press('Tab');
	await expect(field(page, 'Storage quota')).toHaveAccessibleDescription(/Enter a size such as 50 GB/);
	await password(page).fill('short');
	await password(page).blur();
	await expect(password(page)).toHaveAccessibleDescription(/at least 8 characters/);
	await password(page).fill('é'.repeat(37));
	await expect(password(page)).toHaveAccessibleDescription(/at most 72 bytes; this has 74/);
	await expect(page.getByText('74/72 bytes')).toBeVisible();

	await field(page, 'Email').fill('right@example.test');
	await expect(field(page, 'Email')).not.toHaveAccessibleDescription(/valid email address/);
});

test('an invalid form is not submitted, and the first invalid field is focused', async ({ adminPage: page }) => {
	await field(page, 'Storage quota').fill('lots');
	await press(page, 'Create user');
	await expect(field(page, 'Name')).toBeFocused();
	await expect(field(page, 'Name')).toHaveAccessibleDescription(/missing/);
	await expect(field(page, 'Email')).toHaveAccessibleDescription(/missing/);
	await expect(field(page, 'Storage quota')).toHaveValue('lots');
	await expect(page).toHaveURL(newUserPath);
});

test('a server error is shown at its field, and the input is kept', async ({ adminPage: page, seed }) => {
	await seed.makeUser({ email: 'taken@example.test', storageLabel: 'taken' });
	await fillUser(page, 'Taken@example.test');
	await field(page, 'Storage quota').fill('2.5 TiB');
	await field(page, 'Storage label').fill('free');
	await page.getByRole('checkbox', { name: 'Administrator' }).check();
	await press(page, 'Create user');
	await expect(field(page, 'Email')).toBeFocused();
	await expect(field(page, 'Email')).toHaveAccessibleDescription(/another account|in use|not available/);
	await expect(field(page, 'Email')).toHaveValue(/^taken@example.test$/i);
	await expect(field(page, 'Name')).toHaveValue('Petra');
	await expect(field(page, 'Storage quota')).toHaveValue('2.5 TiB');
	await expect(field(page, 'Storage label')).toHaveValue('free');
	await expect(page.getByRole('checkbox', { name: 'Administrator' })).toBeChecked();

	await field(page, 'Email').fill('not-taken@example.test');
	await field(page, 'Storage label').fill('taken');
	await press(page, 'Create user');
	await expect(field(page, 'Storage label')).toBeFocused();
	await expect(field(page, 'Storage label')).toHaveAccessibleDescription(/in use|another account/);
});

test('the server validates what the browser let through', async ({ adminPage: page }) => {
	await page
		.locator('form', { has: field(page, 'Name') })
		.evaluate((form: HTMLFormElement) => (form.noValidate = true));
	await fillUser(page, 'nonsense', '   ');
	await field(page, 'Storage quota').fill('lots');
	await password(page).fill('short');
	await press(page, 'Create user');
	await expect(field(page, 'Name')).toBeFocused();
	for (const control of [field(page, 'Name'), field(page, 'Email'), field(page, 'Storage quota'), password(page)])
		await expect(control).toHaveAttribute('aria-invalid', 'true');
	await expect(field(page, 'Email')).toHaveValue('nonsense');
	await expect(password(page)).toHaveValue('short');
});

test('copied values can be pasted', async ({ adminPage: page, context, server }) => {
	await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
	await page.evaluate(() => navigator.clipboard.writeText('pasted@example.test'));
	for (const control of [field(page, 'Name'), field(page, 'Email'), password(page)]) {
		await control.focus();
		await page.keyboard.press('ControlOrMeta+V');
		await expect(control).toHaveValue('pasted@example.test');
	}
});

for (const [typed, bytes] of [
	['10 GiB', 10 * 2 ** 30],
	['500 MB', 500_000_000],
	['', null]
] as const)
	test(`a quota of ‘${typed}’ is stored as ${bytes ?? 'no limit'}`, async ({ adminPage: page, seed }) => {
		const email = `quota-${bytes ?? 'none'}@example.test`;
		await fillUser(page, email);
		await field(page, 'Storage quota').fill(typed);
		await press(page, 'Create user');
		await expect(page.getByRole('heading', { name: 'Account created for Petra' })).toBeVisible();
		const users = Users.parse(await (await seed.call('GET', '/admin/users')).json());
		expect(users.find((user) => user.email === email)?.quotaSizeInBytes).toBe(bytes);
	});

test('a double click creates one user, and the button keeps its label meanwhile', async ({ adminPage: page, seed }) => {
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	let posts = 0;
	await page.route(`**${newUserPath}`, async (route) => {
		posts += 1;
		await released;
		await route.continue();
	});
	await fillUser(page, 'once@example.test');
	const button = page.getByRole('button', { name: 'Create user' });
	await button.dblclick();
	await expect(button).toHaveAttribute('aria-disabled', 'true');
	await expect(button).toHaveText('Create user');
	await expect(button).toBeFocused();
	await button.press('Enter');
	release();
	await expect(page.getByRole('heading', { name: 'Account created for Petra' })).toBeVisible();
	expect(posts).toBe(1);
	const users = Users.parse(await (await seed.call('GET', '/admin/users')).json());
	expect(users.filter((user) => user.email === 'once@example.test')).toHaveLength(1);
});
