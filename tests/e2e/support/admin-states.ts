import { expect, type Page } from 'playwright/test';
import { expectError, expectSecret, press, userPage, type State } from './states.ts';

const list: readonly State[] = [
	{ title: 'the users', path: '/admin/users?status=all' },
	{ title: 'the users, none found', path: '/admin/users?q=nobody-has-this-name' },
	{
		title: 'the users, some selected',
		path: '/admin/users',
		act: async ({ page }) => {
			await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
			await page.getByLabel('Action', { exact: true }).selectOption('Set the storage quota');
			await expect(page.getByLabel(/^Quota/)).toBeVisible();
		}
	},
	{
		title: 'the columns of the users',
		path: '/admin/users',
		act: ({ page }) => page.getByLabel('Columns', { exact: true }).click()
	},
	{
		title: 'what else can be done with the users',
		path: '/admin/users',
		act: ({ page }) => page.getByLabel('More', { exact: true }).click()
	},
	{
		title: 'what can be done with one of the users',
		path: '/admin/users',
		act: ({ page }) =>
			page
				.getByRole('button', { name: /^Actions for/ })
				.first()
				.click()
	},
	{ title: 'an import', path: '/admin/users/import' },
	{
		title: 'an import, refused',
		path: '/admin/users/import',
		act: async ({ page }) => {
			const file = { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('name,password\nA,b\n') };
			await page.getByLabel(/^CSV file/).setInputFiles(file);
			await press(page, 'Review import');
			await expectError(page);
		}
	},
	{ title: 'bulk actions', path: '/admin/users/batches' },
	{ title: 'no change of many', path: '/admin/users/batches/00000000-0000-4000-8000-000000000000' },
	{ title: 'a new user', path: '/admin/users/new' },
	{
		title: 'a new user, wrong everywhere',
		path: '/admin/users/new',
		act: async ({ page }) => {
			await page.getByLabel('Email').fill('nonsense');
			await page.getByLabel('Storage quota').fill('nonsense');
			await page.getByLabel('Temporary password').fill('short');
			await press(page, 'Create user');
			await expectError(page);
		}
	},
	{
		title: 'a new user with an e-mail in use',
		path: '/admin/users/new',
		act: async ({ page, users }) => {
			await page.getByLabel('Name').fill('Olga the second');
			await page.getByLabel('Email').fill(users.ordinary.email);
			await press(page, 'Create user');
			await expectError(page);
		}
	},
	{
		title: 'a new user, made',
		path: '/admin/users/new',
		act: async ({ page }) => {
			await page.getByLabel('Name').fill('Gaspard de la Nuit');
			await page.getByLabel('Email').fill('gaspard@example.test');
			await press(page, 'Create user');
			await expectSecret(page);
			await page.getByText('message', { exact: false }).last().click();
		}
	}
];

const one: readonly State[] = [
	{ title: 'a user', path: ({ ordinary }) => userPage(ordinary.id) },
	{
		title: 'a user with a library',
		path: ({ ordinary }) => userPage(ordinary.id),
		act: async ({ page, users, seed }) => {
			const dayMs = 86_400_000;
			const daysAgo = (days: number) => new Date(Date.now() - days * dayMs).toISOString().slice(0, 10);
			await seed.addPhotos(users.ordinary, { [daysAgo(0)]: 1, [daysAgo(7)]: 12, [daysAgo(90)]: 3, [daysAgo(200)]: 7 });
			await page.reload();
			await page.getByText('Show as table').click();
			await expect(page.getByRole('table').filter({ hasText: 'Busiest day' })).toBeVisible();
		}
	},
	{
		title: 'a user with a feature switched',
		path: ({ ordinary }) => userPage(ordinary.id),
		act: async ({ page }) => {
			await page.getByRole('switch', { name: 'Tags' }).click();
			await page.getByRole('button', { name: 'Undo' }).focus();
		}
	},
	{ title: 'a user with a long name', path: ({ long }) => userPage(long.id) },
	{ title: 'a user who must change the password', path: ({ newcomer }) => userPage(newcomer.id) },
	{ title: 'the sessions of a user', path: ({ ordinary }) => userPage(ordinary.id, '/sessions') },
	{ title: 'the sessions of oneself', path: (_, { admin }) => userPage(admin.id, '/sessions') },
	{
		title: 'all sessions, some selected',
		path: '/admin/sessions',
		act: ({ page }) => page.getByRole('checkbox', { name: 'Select all on this page' }).check()
	},
	{ title: 'all sessions, none found', path: '/admin/sessions?q=nobody-has-this-name' },
	{ title: 'all sessions of one device', path: '/admin/sessions?device=o&idleDays=1' },
	{ title: 'signing matching devices out', path: ({ ordinary }) => `/admin/sessions/matching?q=${ordinary.id}` },
	{
		title: 'signing all users out, refused',
		path: '/admin/sessions/everyone',
		act: async ({ page }) => {
			await page.getByRole('button', { name: /^Sign out \d/ }).click();
			await expectError(page);
		}
	},
	{ title: 'a deleted user', path: ({ deleted }) => userPage(deleted.id) },
	{ title: 'oneself', path: (_, { admin }) => userPage(admin.id) },
	{ title: 'no user', path: userPage('00000000-0000-4000-8000-000000000000') },
	{ title: 'editing a user', path: ({ long }) => userPage(long.id, '/edit') },
	{ title: 'editing oneself', path: (_, { admin }) => userPage(admin.id, '/edit') },
	{
		title: 'editing a user, refused',
		path: ({ long }) => userPage(long.id, '/edit'),
		act: async ({ page, users }) => {
			await page.getByLabel('Storage label').fill('olga');
			await page.getByLabel('Email').fill(users.ordinary.email);
			await press(page, 'Save');
			await expectError(page);
		}
	},
	{ title: 'a reset', path: ({ long }) => userPage(long.id, '/reset-password') },
	{ title: 'a reset of oneself', path: (_, { admin }) => userPage(admin.id, '/reset-password') },
	{
		title: 'a reset, done',
		path: ({ newcomer }) => userPage(newcomer.id, '/reset-password'),
		act: async ({ page }) => {
			await press(page, 'Reset password');
			await expectSecret(page);
		}
	},
	{ title: 'a message to a user', path: ({ long }) => userPage(long.id, '/message') },
	{ title: 'a message to a deleted user', path: ({ deleted }) => userPage(deleted.id, '/message') },
	{
		title: 'a message to a user, refused',
		path: ({ long }) => userPage(long.id, '/message'),
		act: async ({ page }) => {
			await press(page, 'Send message');
			await expectError(page);
		}
	},
	{ title: 'a deletion', path: ({ long }) => userPage(long.id, '/delete') },
	{ title: 'a deletion of oneself', path: (_, { admin }) => userPage(admin.id, '/delete') },
	{ title: 'a permanent removal', path: ({ deleted }) => userPage(deleted.id, '/delete') },
	{
		title: 'a permanent removal, not confirmed',
		path: ({ long }) => userPage(long.id, '/delete'),
		act: async ({ page }) => {
			await page.getByRole('checkbox', { name: /permanently/ }).check();
			await page.getByLabel(/type/).fill('somebody@example.test');
			await press(page, 'Delete permanently');
			await expectError(page);
		}
	},
	{
		title: 'a user, restored',
		path: ({ deleted }) => userPage(deleted.id),
		act: async ({ page }) => {
			await press(page, 'Restore');
			await expect(page.getByText('Account restored')).toBeVisible();
		}
	}
];

const withdrawal = (page: Page) => page.getByRole('button', { name: 'Cancel maintenance' });

async function announce(page: Page): Promise<void> {
	await page.getByLabel('Message').fill('New disks');
	await page.getByLabel('Begins').selectOption('in 4 hours');
	await page.getByRole('checkbox', { name: /^I understand/ }).check();
	await press(page, 'Announce maintenance');
	await expect(withdrawal(page)).toBeVisible();
}

const shell: readonly State[] = [
	{ title: 'the jobs', path: '/admin/jobs' },
	{
		title: 'the queues without work',
		path: '/admin/jobs',
		act: ({ page }) => page.getByText(/queues of Immich without work/).click()
	},
	{ title: 'maintenance, to be begun', path: '/admin/maintenance' },
	{
		title: 'maintenance, announced',
		path: '/admin/maintenance',
		act: ({ page }) => announce(page)
	},
	{
		title: 'an announcement, withdrawn',
		path: '/admin/maintenance',
		act: async ({ page }) => {
			if (!(await withdrawal(page).isVisible())) await announce(page);
			await withdrawal(page).click();
			await expect(page.getByText('Announcement withdrawn')).toBeVisible();
		}
	},
	{ title: 'the server', path: '/admin/server' },
	{ title: 'the interface', path: '/api-reference' },
	{ title: 'the interface, nothing found', path: '/api-reference?q=nothing+at+all' },
	{ title: 'an operation', path: '/api-reference/updateUserAdmin' },
	{ title: 'an operation with many fields', path: '/api-reference/updateUserPreferencesAdmin' },
	{
		title: 'an operation, about to be sent',
		path: '/api-reference/updateUserAdmin',
		act: async ({ page, users }) => {
			await page.getByLabel('id').fill(users.ordinary.id);
			await press(page, 'Send request');
			await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused();
		}
	},
	{
		title: 'an operation, answered',
		path: '/api-reference/searchUsersAdmin',
		act: async ({ page }) => {
			await press(page, 'Send request');
			await expect(page.getByRole('region', { name: 'Response body' })).toBeVisible();
		}
	},
	{
		title: 'the palette',
		path: '/account/profile',
		act: async ({ page }) => {
			await page.keyboard.press('Control+k');
			await page.getByRole('combobox', { name: /^Search users/ }).fill('o');
			await expect(page.getByRole('option').filter({ hasText: 'Olga Ordinary' })).toBeVisible();
		}
	},
	{
		title: 'the keyboard’s help',
		path: '/account/profile',
		act: async ({ page }) => {
			await page.keyboard.press('?');
			await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
		}
	}
];

const settings: readonly State[] = [
	{ title: 'the settings', path: '/admin/settings' },
	{ title: 'the settings, searched', path: '/admin/settings?q=sign' },
	{ title: 'the settings, nothing found', path: '/admin/settings?q=nothing+like+it' },
	{ title: 'settings of sign-in', path: '/admin/settings/security' },
	{ title: 'settings of the log, which the environment decides', path: '/admin/settings/logging' },
	{ title: 'settings as JSON', path: '/admin/settings/machineLearning' },
	{
		title: 'settings, refused',
		path: '/admin/settings/nightlyTasks',
		act: async ({ page }) => {
			await page.getByRole('textbox', { name: 'Start' }).fill('9');
			await press(page, 'Save');
			await expect(page.getByText('Write it as hours and minutes')).toBeVisible();
		}
	},
	{
		title: 'settings, reviewed',
		path: '/admin/settings/notifications',
		act: async ({ page }) => {
			await page.getByRole('textbox', { name: 'Host' }).fill('mail.subdomain.of-a-long-name.example.test');
			await page.getByLabel('Password', { exact: true }).fill('secret');
			await press(page, 'Review changes');
			await expect(page.getByRole('region', { name: 'What saving changes' })).toBeFocused();
		}
	}
];

export const administration: readonly State[] = [...list, ...one, ...settings, ...shell].map((state) => ({
	who: 'admin',
	...state
}));
