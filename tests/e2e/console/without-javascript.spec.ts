import { signInByForm } from '../support/pages.ts';
import type { TestUser } from '../support/accounts.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ javaScriptEnabled: false });

const getPath = ({ id }: TestUser, below = '') => `/admin/users/${id}${below}`;
const ownPassword = 'a password of my own';

test('the first admin is created, after a mistake', async ({ page }) => {
	await page.goto('/');
	await expect(page).toHaveURL('/auth/register');
	await page.getByLabel('Name').fill('Ada Admin');
	await page.getByLabel('Email').fill('ada@example.test');
	await page.getByLabel('Password', { exact: true }).fill('é'.repeat(37));
	await press(page, 'Create administrator account');
	await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(/at most 72 bytes/);
	await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
	await expect(page.getByLabel('Name')).toHaveValue('Ada Admin');
	await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
	await press(page, 'Create administrator account');
	await expect(page).toHaveURL('/admin');
});

test('sign-in shows the error and keeps the email; sign-out ends the session', async ({ page, seed }) => {
	const user = await seed.makeUser();
	await signInByForm(page, { ...user, password: 'wrong' });
	await expect(page.getByRole('alert')).toBeVisible();
	await expect(page.getByLabel('Email')).toHaveValue(user.email);
	await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
	await page.getByLabel('Password', { exact: true }).fill(user.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL('/home');
	await page.getByLabel(`Account of ${user.name}`).click();
	await press(page, 'Sign out');
	await expect(page).toHaveURL(/\/auth\/login/);
	await page.goto('/account/profile');
	await expect(page).toHaveURL(/\/auth\/login/);
});

test('a user is created, after field errors, and the password is shown once', async ({ adminPage: page, seed }) => {
	await page.goto('/admin/users/new');
	await page.getByLabel('Name').fill('Nils');
	await page.getByLabel('Email').fill(seed.admin.email);
	await page.getByLabel('Storage label').fill('nils');
	await page.getByRole('checkbox', { name: 'Require password change' }).uncheck();
	await press(page, 'Create user');
	await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByLabel('Email')).toBeFocused();
	await expect(page.getByLabel('Storage label')).toHaveValue('nils');
	await expect(page.getByRole('checkbox', { name: 'Require password change' })).not.toBeChecked();
	await page.getByLabel('Email').fill('nils@example.test');
	await page.getByRole('checkbox', { name: 'Require password change' }).check();
	await press(page, 'Create user');
	const password = (await page.getByRole('code').first().textContent()) ?? '';
	await expect(page.getByText(/^Valid until/)).toBeVisible();
	await expect(page.getByRole('button', { name: /Copy/ })).toHaveCount(0);
	await page.getByText('Preview message').click();
	await expect(page.getByText(`Password: ${password}`)).toBeVisible();
	await page.getByRole('link', { name: 'Create another user' }).click();
	expect(await page.content()).not.toContain(password);
	await expect(page.getByLabel('Email')).toHaveValue('');
});

test('a required password change refuses invalid input, and then lets the user in', async ({ page, seed }) => {
	const user = await seed.makeUser({ shouldChangePassword: true });
	await signInByForm(page, user);
	await expect(page).toHaveURL('/auth/change-password');
	await page.getByLabel('Current password').fill('wrong');
	await page.getByLabel('New password').fill(ownPassword);
	await press(page, 'Change password');
	await expect(page.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
	await expect(page.getByLabel('New password')).toHaveValue('');
	await page.getByLabel('Current password').fill(user.password);
	await page.getByLabel('New password').fill(ownPassword);
	await press(page, 'Change password');
	await expect(page).toHaveURL('/home');
});

test('a user is edited, reset, required to change the password, deleted, restored and removed', async ({
	adminPage: page,
	seed
}) => {
	const user = await seed.makeUser({ email: 'ned@example.test' });
	await page.goto(getPath(user, '/edit'));
	await page.getByLabel('Storage quota').fill('lots');
	await page.getByLabel('Name').fill('Ned');
	await press(page, 'Save');
	// The browser's own validation replaces ours.
	await expect(page).toHaveURL(getPath(user, '/edit'));
	await page.getByLabel('Storage quota').fill('3 GiB');
	await press(page, 'Save');
	await expect(page).toHaveURL(getPath(user));
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ned');
	await expect(page.getByText('0 B of 3 GiB')).toBeVisible();

	await press(page, 'Require password change');
	await expect(page.getByText('Password change required').first()).toBeVisible();
	await page.getByRole('link', { name: 'Reset password' }).click();
	await press(page, 'Reset password');
	await expect(page.getByRole('code').first()).toHaveText(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);

	await page.goto(getPath(user, '/delete'));
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await page.getByRole('checkbox', { name: /permanently/ }).check();
	await page.getByRole('textbox', { name: /ned@example.test/ }).fill('wrong');
	await page.getByRole('button', { name: /Delete|Remove/ }).click();
	await expect(page.getByRole('textbox', { name: /ned@example.test/ })).toBeFocused();
	await page.getByRole('checkbox', { name: /permanently/ }).uncheck();
	await page.getByRole('button', { name: /Delete|Remove/ }).click();
	await expect(page.getByText('This account is deleted')).toBeVisible();
	await press(page, 'Restore');
	await expect(page.getByText('This account is deleted')).toHaveCount(0);

	await page.goto(getPath(user, '/delete'));
	await page.getByRole('checkbox', { name: /permanently/ }).check();
	await page.getByRole('textbox', { name: /ned@example.test/ }).fill('ned@example.test');
	await page.getByRole('button', { name: /Delete|Remove/ }).click();
	await expect(page).toHaveURL('/admin/users');
	expect((await page.goto(getPath(user)))?.status()).toBe(404);
});

test('users change their own profile and password', async ({ visit, seed }) => {
	const user = await seed.makeUser();
	const page = await visit(user, { javaScriptEnabled: false });
	await page.goto('/account/profile');
	await page.getByLabel('Email').fill(seed.admin.email);
	await press(page, 'Save');
	await expect(page.getByLabel('Email')).toHaveAttribute('aria-invalid', 'true');
	await page.getByLabel('Email').fill(user.email);
	await page.getByLabel('Name').fill('Nina');
	await press(page, 'Save');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nina');

	await page.goto('/account/password');
	await page.getByLabel('Current password').fill(user.password);
	await page.getByLabel('New password').fill(ownPassword);
	await press(page, 'Change password');
	await expect(page.getByText('Your password has been changed')).toBeVisible();
	await page.goto('/auth/logout');
	await press(page, 'Sign out');
	await signInByForm(page, { ...user, password: ownPassword });
	await expect(page).toHaveURL('/home');
});
