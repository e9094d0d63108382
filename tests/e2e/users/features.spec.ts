import type { Page } from 'playwright/test';
import { z } from 'zod';
import type { TestUser, Seed } from '../support/accounts.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

const Preferences = z.object({ tags: z.object({ enabled: z.boolean() }), people: z.object({ enabled: z.boolean() }) });

const getPath = ({ id }: TestUser) => `/admin/users/${id}`;
const findSwitch = (page: Page, name: string) => page.getByRole('switch', { name, exact: true });
const api = '**/api/admin/users/*/preferences';

const read = async (seed: Seed, user: TestUser) => {
	const { tags, people } = Preferences.parse(await (await seed.call('GET', `${getPath(user)}/preferences`)).json());
	return { tags: tags.enabled, people: people.enabled };
};

test('a switch is saved immediately, stays saved, and is reverted by Undo', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.goto(getPath(user));
	await expect(findSwitch(page, 'Tags')).not.toBeChecked();
	await findSwitch(page, 'Tags').click();
	await expect(findSwitch(page, 'Tags')).toBeChecked();
	await expect(page.getByRole('status').filter({ hasText: 'Tags turned on' })).toBeVisible();
	await expect.poll(() => read(seed, user)).toEqual({ tags: true, people: true });
	await page.reload();
	await expect(findSwitch(page, 'Tags')).toBeChecked();

	await page.goto(getPath(user));
	await findSwitch(page, 'People').click();
	await press(page, 'Undo');
	await expect(findSwitch(page, 'People')).toBeChecked();
	await expect(page.getByText('People turned on again')).toBeVisible();
	await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
	await expect.poll(() => read(seed, user)).toEqual({ tags: true, people: true });
});

test('the keyboard moves a switch and reaches Undo, which stays while it has the focus', async ({
	adminPage: page,
	seed
}) => {
	const user = await seed.makeUser();
	await page.clock.install();
	await page.goto(getPath(user));
	await findSwitch(page, 'Tags').focus();
	// The clock also runs while waiting for the server.
	const saved = page.waitForResponse((response) => response.request().method() === 'PUT');
	await page.keyboard.press('Space');
	await expect(findSwitch(page, 'Tags')).toBeChecked();
	await saved;
	await page.clock.runFor(7_000);
	await page.getByRole('button', { name: 'Undo' }).focus();
	await page.clock.runFor(20_000);
	await page.keyboard.press('Enter');
	await expect(findSwitch(page, 'Tags')).not.toBeChecked();
	await expect.poll(() => read(seed, user)).toEqual({ tags: false, people: true });
});

test('Undo is offered for eight seconds', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.clock.install();
	await page.goto(getPath(user));
	await findSwitch(page, 'Tags').click();
	const undo = page.getByRole('button', { name: 'Undo' });
	await expect(undo).toBeVisible();
	await page.mouse.move(0, 0);
	await page.clock.runFor(7_500);
	await expect(undo).toBeVisible();
	await page.clock.runFor(1_000);
	await expect(undo).toHaveCount(0);
});

test('without a connection a switch reverts and shows an error', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.goto(getPath(user));
	await page.context().setOffline(true);
	await findSwitch(page, 'Tags').click();
	await expect(page.getByText('Couldn’t turn Tags on. Couldn’t reach the server.')).toBeVisible();
	await expect(findSwitch(page, 'Tags')).not.toBeChecked();
	await expect(page.getByRole('button', { name: 'Undo' })).toHaveCount(0);
	await page.context().setOffline(false);
	await findSwitch(page, 'Tags').click();
	await expect(page.getByText('Tags turned on', { exact: true })).toBeVisible();
	await expect.poll(() => read(seed, user)).toEqual({ tags: true, people: true });
});

test('a refusal reverts the switch, and shows the request’s reference', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.goto(getPath(user));
	await seed.call('DELETE', getPath(user), {});
	await findSwitch(page, 'People').click();
	await expect(page.getByText('Couldn’t turn People off. This account may have been deleted')).toBeVisible();
	await expect(findSwitch(page, 'People')).toBeChecked();
	await expect(page.getByRole('status').getByText(/Request ID/)).toBeVisible();
	await page.reload();
	await expect(findSwitch(page, 'People')).toBeDisabled();
});

test('of several quick changes the last one wins', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser();
	await page.goto(getPath(user));
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	await page.route(api, async (route) => {
		await released;
		await route.continue();
	});
	for (let move = 0; move < 3; move += 1) await findSwitch(page, 'Tags').click();
	await findSwitch(page, 'People').click();
	release();
	await expect(findSwitch(page, 'Tags')).toBeChecked();
	await expect.poll(() => read(seed, user)).toEqual({ tags: true, people: false });
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false });

	test('the switches are checkboxes of a form with a button', async ({ adminPage: page, seed }) => {
		const user = await seed.makeUser();
		await page.goto(getPath(user));
		await findSwitch(page, 'Tags').check();
		await findSwitch(page, 'People').uncheck();
		await press(page, 'Save features');
		await expect(page).toHaveURL(getPath(user));
		await expect(findSwitch(page, 'Tags')).toBeChecked();
		await expect(findSwitch(page, 'People')).not.toBeChecked();
		expect(await read(seed, user)).toEqual({ tags: true, people: false });
	});
});
