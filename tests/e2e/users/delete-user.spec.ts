import type { TestUser } from '../support/accounts.ts';
import { findRow, signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const getPath = ({ id }: TestUser, below = '') => `/admin/users/${id}${below}`;

test('a deletion names what is deleted, and Cancel is focused', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ name: 'Dan' });
	await seed.startSession(user);
	await page.goto(getPath(user));
	await page.getByRole('link', { name: 'Delete' }).click();
	await expect(page.getByRole('heading', { name: 'Delete Dan' })).toBeVisible();
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await expect(page.getByText('Dan cannot sign in, and 1 session')).toBeVisible();
	await expect(page.getByText('You can restore the account for 7 days')).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(getPath(user));
});

test('a deleted user is signed out, and can be restored', async ({ adminPage: page, seed, visit }) => {
	const user = await seed.makeUser();
	const other = await visit(user);
	await page.goto(getPath(user, '/delete'));
	await press(page, 'Delete account');
	await expect(page).toHaveURL(getPath(user));
	await expect(page.getByText('This account is deleted')).toBeVisible();
	await expect(page.getByText('Account deleted')).toBeVisible();
	await expect(page.getByText(/permanently deleted in 7 days/)).toBeVisible();
	for (const name of ['Edit', 'Reset password']) await expect(page.getByRole('link', { name })).toHaveCount(0);

	await other.goto('/account/profile');
	await expect(other).toHaveURL(/\/auth\/login/);
	await signInByForm(other, user);
	await expect(other.getByRole('alert')).toBeVisible();

	await press(page, 'Restore');
	await expect(page.getByText('Account restored')).toBeVisible();
	await expect(page.getByText('This account is deleted')).toHaveCount(0);
	// Sessions do not come back; the password does.
	await other.goto('/account/profile');
	await expect(other).toHaveURL(/\/auth\/login/);
	await signInByForm(other, user);
	await expect(other).not.toHaveURL(/\/auth\/login/);
	await other.goto('/account/profile');
	await expect(other).toHaveURL('/account/profile');
});

test('deleting permanently requires typing the email', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ email: 'gone.for.good@example.test' });
	await page.goto(getPath(user, '/delete'));
	await page.getByRole('checkbox', { name: /permanently/ }).check();
	const confirmation = page.getByRole('textbox', { name: /gone.for.good@example.test/ });
	for (const wrong of ['', 'somebody.else@example.test']) {
		await confirmation.fill(wrong);
		await press(page, 'Delete permanently');
		await expect(confirmation).toBeFocused();
		await expect(confirmation).toHaveAccessibleDescription(/Type the email/);
		await expect(page).toHaveURL(getPath(user, '/delete'));
	}
	await expect(confirmation).toHaveValue('somebody.else@example.test');

	await confirmation.fill(' Gone.for.Good@example.test ');
	await press(page, 'Delete permanently');
	await expect(page).toHaveURL('/admin/users');
	await expect(page.getByText('Account deleted').or(page.getByText('Account removed'))).toBeVisible();
	await page.goto('/admin/users?status=all&q=gone.for.good');
	await expect(findRow(page, user.email)).toHaveCount(0);
	expect((await page.goto(getPath(user)))?.status()).toBe(404);
});

test('a deleted user can be deleted permanently later', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await seed.call('DELETE', getPath(user), {});
	await page.goto(getPath(user));
	await page.getByRole('link', { name: 'Delete permanently' }).click();
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await page.getByRole('textbox', { name: /permanently/ }).fill(user.email);
	await press(page, 'Delete permanently');
	await expect(page).toHaveURL('/admin/users');
	expect((await page.goto(getPath(user)))?.status()).toBe(404);
});

test('users cannot delete or reset themselves', async ({ adminPage: page, seed, server }) => {
	const { id, email } = seed.admin;
	await page.goto(getPath(seed.admin));
	for (const name of ['Delete', 'Reset password']) await expect(page.getByRole('link', { name })).toHaveCount(0);
	await page.goto(getPath(seed.admin, '/delete'));
	await expect(page.getByText('This is your own account')).toBeVisible();
	await expect(page.getByRole('button', { name: /Delete|Remove/ })).toHaveCount(0);
	for (const form of [{}, { force: 'on', confirmation: email }]) {
		const forged = await page.request.post(`/admin/users/${id}/delete`, { form, headers: { origin: server.url } });
		expect(await forged.json()).toMatchObject({ type: 'failure', status: 403 });
	}
	await page.goto(getPath(seed.admin, '/reset-password'));
	await page.getByRole('link', { name: 'Change my password' }).click();
	await expect(page).toHaveURL('/account/password');
});

test('one admin can delete another', async ({ adminPage: page, seed }) => {
	const second = await seed.makeUser({ isAdmin: true });
	await page.goto(getPath(second, '/delete'));
	await press(page, 'Delete account');
	await expect(page.getByText('This account is deleted')).toBeVisible();
});
