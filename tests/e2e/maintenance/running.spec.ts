import { startFreshServer, startServer } from '../../support/server.ts';
import { Seed } from '../support/accounts.ts';
import { begin, endIn, heading } from '../support/maintenance.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

test('a server stopped in maintenance restarts in it; page, API and time can end it', async ({ visit }) => {
	const first = await startFreshServer();
	const { dataDir, url, port } = first;
	let halt = () => first.halt();
	const start = async () => {
		const server = await startServer({ DATA_DIR: dataDir, IMMICH_PORT: String(port) });
		halt = () => server.stop();
	};
	const restart = async () => {
		await halt();
		await start();
	};
	try {
		const seed = await Seed.create(first);
		const user = await seed.makeUser();
		const [admin, page] = [await visit(null, { baseURL: url }), await visit(null, { baseURL: url })];
		await seed.signIn(admin.context(), seed.admin);
		await seed.signIn(page.context(), user);

		await begin(admin, 'now');
		await expect(heading(admin)).toBeVisible();
		await restart();
		await page.goto('/account/password');
		await expect(heading(page)).toBeVisible();
		await expect(page.getByText('New disks are being put in.')).toBeVisible();
		await admin.goto('/admin/users');
		await press(admin, 'End maintenance');
		await expect(page).toHaveURL('/account/password', { timeout: 15_000 });

		await begin(admin, 'now');
		await expect(heading(admin)).toBeVisible();
		await restart();
		await page.goto('/account/devices');
		await expect(heading(page)).toBeVisible();
		const cookies = await admin.context().cookies();
		const token = cookies.find(({ name }) => name === 'immich_maintenance_token')?.value;
		const ended = await fetch(`${url}/api/admin/maintenance`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
			body: JSON.stringify({ action: 'end' })
		});
		expect(ended.status).toBe(201);
		await expect(page).toHaveURL('/account/devices', { timeout: 15_000 });

		await begin(admin, 'now');
		await admin.getByLabel('End automatically in').selectOption('8 hours');
		await press(admin, 'Extend maintenance');
		await expect(admin.getByText(/^It ends automatically/)).toBeVisible();
		await page.goto('/account/profile');
		await expect(heading(page)).toBeVisible();
		await halt();
		await endIn(dataDir, 20_000);
		await start();
		expect((await fetch(`${url}/api/server/media-types`)).status).toBe(503);
		await expect(page).toHaveURL('/account/profile', { timeout: 60_000 });
	} finally {
		await halt();
		await first.stop();
	}
});

test('two instances on one database agree', async ({ server, seed, visit }) => {
	const there = await startServer({ DATA_DIR: server.dataDir });
	try {
		const user = await seed.makeUser({ name: 'Before' });
		const admin = await visit(seed.admin);
		const [page, list] = [await visit(user, { baseURL: there.url }), await visit(seed.admin, { baseURL: there.url })];

		await admin.goto('/admin/settings/server');
		await admin.getByRole('textbox', { name: 'Message on the login page' }).fill('Mind the gap');
		await press(admin, 'Save');
		await expect(admin.getByText('Saved', { exact: true })).toBeVisible();
		const stranger = await visit(null, { baseURL: there.url });
		await stranger.goto('/auth/login');
		await expect(stranger.getByText('Mind the gap')).toBeVisible();

		await list.goto('/admin/users');
		await admin.goto(`/admin/users/${user.id}/edit`);
		await admin.getByLabel('Name', { exact: true }).fill('After');
		await press(admin, 'Save');
		await expect(list.getByRole('link', { name: 'After' })).toBeVisible();

		await list.goto('/admin/jobs');
		await admin.goto('/admin/jobs');
		await admin.getByText(/^\d+ queues of Immich without work here/).click();
		await press(admin, 'Pause Notifications');
		await expect(list.getByText(/^\d+ queues of Immich without work here/)).toContainText('1 paused');

		await page.goto('/account/profile');
		await begin(admin, 'now');
		await expect(heading(admin)).toBeVisible();
		await page.goto('/account/devices');
		await expect(heading(page)).toBeVisible();
		await press(admin, 'End maintenance');
		await expect(page).toHaveURL('/account/devices', { timeout: 15_000 });

		await admin.goto(`/admin/users/${user.id}/sessions`);
		await admin.getByText('Sign out all devices…').click();
		await press(admin, 'Sign out 1 device');
		await expect(page.getByRole('dialog', { name: 'You’ve been signed out' })).toBeVisible();
	} finally {
		await there.stop();
	}
});
