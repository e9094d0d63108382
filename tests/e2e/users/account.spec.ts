import type { Page } from 'playwright/test';
import { z } from 'zod';
import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const Account = z.object({ updatedAt: z.string(), name: z.string(), email: z.string(), avatarColor: z.string() });
const changed = (page: Page) => page.getByText('Your password has been changed').filter({ visible: true });
const newPassword = 'another password of my own';

async function changePassword(page: Page, current: string, wanted: string): Promise<void> {
	await page.getByLabel('Current password').fill(current);
	await page.getByLabel('New password').fill(wanted);
	await press(page, 'Change password');
}

test('the profile is saved, and the page shows it immediately', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Pia' });
	const page = await visit(user);
	await page.goto('/account/profile');
	await page.getByLabel('Name').fill('Pia Maria');
	await page.getByLabel('Email').fill('PIA@example.test');
	await page.getByLabel('Avatar color').selectOption('Green');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pia Maria');
	await expect(page.getByLabel('Account of Pia Maria')).toBeVisible();
	await expect(page.getByLabel('Email')).toHaveValue('pia@example.test');
	const read = await seed.call('GET', `/admin/users/${user.id}`);
	expect(Account.parse(await read.json())).toMatchObject({
		name: 'Pia Maria',
		email: 'pia@example.test',
		avatarColor: 'green'
	});
	await page.getByRole('link', { name: 'Password' }).first().click();
	await expect(page).toHaveURL('/account/password');
});

test('saving an unchanged profile changes nothing, whatever it contains', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Pia' });
	const page = await visit(user);
	const read = async () => Account.parse(await (await seed.call('GET', `/admin/users/${user.id}`)).json()).updatedAt;
	const before = await read();
	await page.goto('/account/profile');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	expect(await read()).toBe(before);
});

test('an email in use is refused with a field error', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/profile');
	await page.getByLabel('Email').fill(seed.admin.email);
	await press(page, 'Save');
	await expect(page.getByLabel('Email')).toBeFocused();
	await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByLabel('Email')).toHaveValue(seed.admin.email);
});

for (const [isEnding, title] of [
	[true, 'ends the sessions elsewhere'],
	[false, 'leaves the sessions elsewhere where that is wanted']
] as const)
	test(`a password change ${title}`, async ({ seed, visit }) => {
		const user = await seed.makeUser();
		const [page, other] = [await visit(user), await visit(user)];
		await other.goto('/account/profile');
		await page.goto('/account/password');
		await expect(page.getByLabel('Sign out on all other devices')).toBeChecked();
		await page.getByLabel('Sign out on all other devices').setChecked(isEnding);
		await changePassword(page, user.password, newPassword);
		await expect(changed(page)).toBeVisible();

		await other.goto('/account/password');
		await expect(other).toHaveURL(isEnding ? /\/auth\/login/ : '/account/password');
		await page.goto('/account/profile');
		await expect(page).toHaveURL('/account/profile');
		const later = await visit();
		await signInByForm(later, { email: user.email, password: newPassword });
		await expect(later).toHaveURL('/home');
	});

test('after a change the form is empty and shows no error', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await page.goto('/account/password');
	await changePassword(page, user.password, newPassword);
	await expect(changed(page)).toBeVisible();
	for (const label of ['Current password', 'New password']) {
		await expect(page.getByLabel(label)).toHaveValue('');
		await page.getByLabel(label).focus();
		await page.getByLabel(label).blur();
	}
	await expect(page.locator('[aria-invalid="true"], :user-invalid')).toHaveCount(0);
});

test('a wrong current password is reported at its field', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/password');
	await changePassword(page, 'wrong', newPassword);
	await expect(page.getByLabel('Current password')).toBeFocused();
	await expect(page.getByLabel('Current password')).toHaveAccessibleDescription(/incorrect/i);
	await expect(page.getByLabel('New password')).toHaveAttribute('aria-invalid', 'false');
});

test('bytes are counted, and more than 72 are refused by the page and by the server', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await page.goto('/account/password');
	const wanted = page.getByLabel('New password');
	await expect(page.getByText('0/72 bytes')).toBeVisible();
	await wanted.fill('é'.repeat(36));
	await expect(page.getByText('72/72 bytes')).toBeVisible();
	await expect(page.getByText(/Strong/)).toBeVisible();
	await wanted.fill('é'.repeat(36) + '!');
	await expect(page.getByText('73/72 bytes')).toBeVisible();
	await expect(page.getByText(/Strong/)).toHaveCount(0);
	await changePassword(page, user.password, 'é'.repeat(37));
	await expect(wanted).toBeFocused();
	await expect(wanted).toHaveAccessibleDescription(/at most 72 bytes/);

	await page.locator('form', { has: wanted }).evaluate((form: HTMLFormElement) => (form.noValidate = true));
	await press(page, 'Change password');
	await expect(wanted).toHaveAccessibleDescription(/at most 72 bytes/);
	await expect(changed(page)).toHaveCount(0);
	await changePassword(page, user.password, `Ünïcödé ${'gärtnerëi '.repeat(4)}kürbis`.slice(0, 40));
	await expect(changed(page)).toBeVisible();
});

test('a password can be shown and hidden again', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/password');
	await page.getByLabel('New password').fill(newPassword);
	await page.getByRole('button', { name: 'Show password' }).last().click();
	await expect(page.getByLabel('New password')).toHaveAttribute('type', 'text');
	await page.getByRole('button', { name: 'Hide password' }).click();
	await expect(page.getByLabel('New password')).toHaveAttribute('type', 'password');
});
