import type { Page } from 'playwright/test';
import type { TestUser } from '../support/accounts.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

const dialog = (page: Page) => page.getByRole('dialog', { name: 'You’ve been signed out' });
const nameField = (page: Page) => page.getByLabel('Name', { exact: true });

/** Opens a page and waits until its websocket is connected. */
async function openListening(page: Page, path: string): Promise<void> {
	const listening = new Promise<void>((resolve) => {
		page.on('websocket', (socket) =>
			socket.on('framereceived', ({ payload }) => {
				if (payload.includes('on_server_version')) resolve();
			})
		);
	});
	await page.goto(path);
	await listening;
}

async function signInAgain(page: Page, { password }: TestUser): Promise<void> {
	await dialog(page).getByLabel('Password', { exact: true }).fill(password);
	await dialog(page).getByRole('button', { name: 'Sign in' }).click();
}

test('a list and a page show what another admin changes', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Before' });
	const other = await visit(await seed.makeUser({ isAdmin: true }));
	const [list, page] = [await visit(seed.admin), await visit(seed.admin)];
	await openListening(list, '/admin/users');
	await openListening(page, `/admin/users/${user.id}`);
	await other.goto(`/admin/users/${user.id}/edit`);
	await nameField(other).fill('After');
	await press(other, 'Save');
	await expect(page.getByRole('heading', { level: 1, name: 'After' })).toBeVisible();
	await expect(list.getByRole('link', { name: 'After' })).toBeVisible();
	await expect(list.getByText('Before')).toHaveCount(0);
});

test('a page does not change while the user is typing', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Quiet' });
	const list = await visit(seed.admin);
	await openListening(list, '/admin/users');
	const search = list.getByRole('searchbox');
	await search.focus();
	await seed.call('PUT', `/admin/users/${user.id}`, { name: 'Loud' });
	await expect(list.getByRole('link', { name: 'Quiet' })).toBeVisible();
	await search.blur();
	await expect(list.getByRole('link', { name: 'Loud' })).toBeVisible();
});

test('an ended session asks for the password in place, and the input is submitted unchanged', async ({
	seed,
	visit
}) => {
	const user = await seed.makeUser({ name: 'Before' });
	const page = await visit(user);
	await openListening(page, '/account/profile');
	await nameField(page).fill('Typed before the end');
	await seed.endSessions(user);
	await expect(dialog(page)).toBeVisible();
	await examine(page);
	await dialog(page).getByLabel('Password', { exact: true }).fill('not the password');
	await dialog(page).getByRole('button', { name: 'Sign in' }).click();
	await expect(dialog(page).getByRole('alert')).toContainText('Incorrect password');
	await signInAgain(page, user);
	await expect(dialog(page)).toHaveCount(0);
	await expect(nameField(page)).toHaveValue('Typed before the end');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page.reload();
	await expect(nameField(page)).toHaveValue('Typed before the end');
});

test('a form submitted after the session ended is resubmitted after sign-in, even without an event', async ({
	seed,
	visit
}) => {
	const user = await seed.makeUser({ name: 'Before' });
	const page = await visit(user);
	await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
	await page.goto('/account/profile');
	await nameField(page).fill('Sent late');
	await seed.endSessions(user);
	await press(page, 'Save');
	await expect(dialog(page)).toBeVisible();
	await signInAgain(page, user);
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page.reload();
	await expect(nameField(page)).toHaveValue('Sent late');
});

test('a sign-in with a required password change redirects to the password page', async ({ adminPage, seed, visit }) => {
	const user = await seed.makeUser();
	const page = await visit(user);
	await openListening(page, '/account/profile');
	await nameField(page).fill('Typed before the end');
	await seed.endSessions(user);
	await expect(dialog(page)).toBeVisible();
	const demand = await adminPage.request.post(`/api/admin/users/${user.id}/force-password-change`);
	expect(demand.ok()).toBe(true);
	await signInAgain(page, user);
	await expect(page).toHaveURL('/auth/change-password');
});

test('dismissing the dialog keeps the page, and the next attempt asks again', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Before' });
	const page = await visit(user);
	await openListening(page, '/account/profile');
	await nameField(page).fill('Still here');
	await seed.endSessions(user);
	await expect(dialog(page)).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(dialog(page)).toHaveCount(0);
	await press(page, 'Save');
	await expect(dialog(page)).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('alert')).toContainText('You’ve been signed out');
	await expect(nameField(page)).toHaveValue('Still here');
	await press(page, 'Save');
	await signInAgain(page, user);
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('a sign-out in one window asks in the other, and a sign-in there resolves it', async ({ seed, visit }) => {
	const user = await seed.makeUser();
	const one = await visit(user);
	await openListening(one, '/account/profile');
	const two = await one.context().newPage();
	await two.goto('/account/profile');
	await two.getByLabel(/^Account of/).click();
	await press(two, 'Sign out');
	await expect(two).toHaveURL(/\/auth\/login/);
	await expect(dialog(one)).toBeVisible();
	await seed.signIn(one.context(), user);
	await one.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
	await expect(dialog(one)).toHaveCount(0);
});
