import { expect, type Page } from 'playwright/test';
import { createPicture } from '../../support/pictures.ts';
import type { Seed } from './accounts.ts';
import type { TestUsers } from './test-users.ts';

interface Given {
	readonly page: Page;
	readonly users: TestUsers;
	readonly seed: Seed;
}

/** One state of a page: the user, the path, and the actions before it is checked. */
export interface State {
	readonly title: string;
	readonly who?: keyof TestUsers | 'admin';
	readonly path: string | ((users: TestUsers, seed: Seed) => string);
	readonly act?: (given: Given) => Promise<unknown>;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const expectError = (page: Page) => expect(page.locator('[aria-invalid="true"]').first()).toBeFocused();
const expectSecret = (page: Page) => expect(page.getByRole('code').first()).toBeVisible();
const userPage = (id: string, below = '') => `/admin/users/${id}${below}`;

const outside: readonly State[] = [
	{ title: 'sign-in', path: '/auth/login' },
	{
		title: 'sign-in with fields left empty',
		path: '/auth/login',
		act: async ({ page }) => {
			await press(page, 'Sign in');
			await expectError(page);
		}
	},
	{
		title: 'sign-in refused',
		path: '/auth/login',
		act: async ({ page }) => {
			await page.getByLabel('Email').fill('nobody@example.test');
			await page.getByLabel('Password', { exact: true }).fill('wrong');
			await press(page, 'Sign in');
			await expect(page.getByText(/incorrect|wrong/i)).toBeVisible();
		}
	},
	{
		title: 'sign-in after the session has ended',
		path: '/auth/login',
		act: async ({ page }) => {
			await page.context().addCookies([{ name: 'immich_access_token', value: 'ended', url: page.url() }]);
			await page.reload();
			await expect(page.getByText('You’ve been signed out')).toBeVisible();
		}
	},
	{ title: 'an address that leads nowhere', path: '/nowhere' },
	{ title: 'a forced change of the password', who: 'newcomer', path: '/auth/change-password' },
	{
		title: 'a forced change with the wrong password',
		who: 'newcomer',
		path: '/auth/change-password',
		act: async ({ page }) => {
			await page.getByLabel('Current password').fill('wrong');
			await page.getByLabel('New password').fill('a password of my own');
			await press(page, 'Change password');
			await expectError(page);
		}
	},
	{ title: 'sign-out', who: 'ordinary', path: '/auth/logout' },
	{ title: 'a page for administrators only', who: 'ordinary', path: '/admin/users' }
];

const account: readonly State[] = [
	{ title: 'one’s own profile', who: 'ordinary', path: '/account/profile' },
	{
		title: 'one’s own profile, saved',
		who: 'long',
		path: '/account/profile',
		act: async ({ page }) => {
			await page.getByLabel('Avatar color').selectOption('Pink');
			await press(page, 'Save');
			await expect(page.getByText('Saved', { exact: true })).toBeVisible();
		}
	},
	{
		title: 'one’s own picture, refused',
		who: 'ordinary',
		path: '/account/profile',
		act: async ({ page }) => {
			const text = { name: 'me.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') };
			await page.getByLabel('Choose a picture').setInputFiles(text);
			await press(page, 'Save picture');
			await expectError(page);
		}
	},
	{
		title: 'one’s own picture, saved',
		who: 'long',
		path: '/account/profile',
		act: async ({ page }) => {
			const picture = { name: 'me.png', mimeType: 'image/png', buffer: await createPicture('png') };
			await page.getByLabel('Choose a picture').setInputFiles(picture);
			await press(page, 'Save picture');
			await expect(page.getByText('Picture saved')).toBeVisible();
		}
	},
	{
		title: 'one’s own profile with a draft',
		who: 'long',
		path: '/account/profile',
		act: async ({ page }) => {
			await page.getByLabel('Name').fill('Chiara');
			await page.waitForFunction(() => Object.keys(sessionStorage).some((key) => key.includes('draft')));
			page.once('dialog', (dialog) => void dialog.accept());
			await page.reload();
			await expect(page.getByText('We restored your unsaved changes')).toBeVisible();
		}
	},
	{ title: 'your password', who: 'ordinary', path: '/account/password' },
	{
		title: 'your password, refused',
		who: 'ordinary',
		path: '/account/password',
		act: async ({ page }) => {
			await page.getByLabel('New password').fill('é'.repeat(40));
			await press(page, 'Change password');
			await expectError(page);
		}
	},
	{
		title: 'your password, changed',
		who: 'ordinary',
		path: '/account/password',
		act: async ({ page, users }) => {
			await page.getByLabel('Current password').fill(users.ordinary.password);
			await page.getByLabel('New password').fill(users.ordinary.password);
			await press(page, 'Change password');
			await expect(page.getByText('Your password has been changed').filter({ visible: true })).toBeVisible();
		}
	},
	{
		title: 'one’s own devices',
		who: 'ordinary',
		path: '/account/devices',
		act: async ({ page, users, seed }) => {
			await seed.startSession(users.ordinary);
			await page.reload();
			await page.getByText('Sign out all other devices…').click();
			await expect(page.getByText('Are you sure?')).toBeVisible();
		}
	},
	{ title: 'your notifications, none', who: 'long', path: '/account/notifications?show=unread' },
	{
		title: 'your notifications',
		who: 'ordinary',
		path: '/account/notifications',
		act: async ({ page, users, seed }) => {
			for (const level of ['success', 'error', 'warning', 'info'])
				await seed.notify(users.ordinary, { title: `It says ${level}`, description: 'Quite.', level });
			await seed.notify(users.ordinary, { title: 'x'.repeat(10_000), description: 'A long story. '.repeat(100) });
			await page.reload();
			await page.getByText('Show more').first().click();
			await press(page, 'Mark as read: It says error');
			await expect(page.getByRole('button', { name: 'Mark as unread: It says error' })).toBeVisible();
		}
	},
	{
		title: 'the account menu',
		who: 'long',
		path: '/account/profile',
		act: async ({ page }) => {
			await page.getByLabel(/^Account of/).click();
			await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
		}
	}
];

export { outside, account, press, expectError, expectSecret, userPage };
