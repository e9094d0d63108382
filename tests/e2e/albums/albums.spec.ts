import type { Page } from 'playwright/test';
import { examine } from '../support/examine.ts';
import { paintThumbnails, withSharing } from '../support/photos.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

// Colors still in transition would be misread.
test.use({ contextOptions: { reducedMotion: 'reduce' } });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

test('an album is created, shared, commented on, and left', async ({ seed, visit }) => {
	const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
	const page = await visit(ada);
	await page.goto('/albums');
	await expect(page.getByText('No albums')).toBeVisible();
	await page.getByRole('link', { name: 'Create album' }).first().click();
	await page.getByLabel('Name').fill('Summer');
	await page.getByLabel('Description').fill('At the sea');
	await press(page, 'Create album');
	await expect(heading(page)).toHaveText('Summer');
	await expect(page.getByText('At the sea')).toBeVisible();

	await page.getByRole('link', { name: 'Share', exact: true }).click();
	await page.getByLabel('Find a user').fill('brook');
	await press(page, 'Search');
	await page.getByLabel('Role', { exact: true }).selectOption('Editor');
	await press(page, 'Add: Bob Brook');
	const members = page.getByRole('list', { name: 'Members' });
	await expect(members.getByRole('listitem')).toHaveCount(2);

	const other = await visit(bob);
	await other.goto('/account/notifications');
	await other.getByRole('link', { name: 'Open the album' }).click();
	await expect(heading(other)).toHaveText('Summer');
	await expect(other.getByText('You are an editor')).toBeVisible();
	await press(other, 'Like');
	await expect(other.getByRole('button', { name: 'Liked' })).toBeVisible();
	await other.getByLabel('Comment', { exact: true }).fill('What a day');
	await press(other, 'Comment');
	await expect(other.getByRole('list', { name: 'Comments' }).getByRole('listitem')).toContainText(['What a day']);
	await press(other, 'Comment');
	await expect(other.getByRole('alert').or(other.locator('[aria-invalid="true"]')).first()).toBeVisible();
	await other.getByRole('link', { name: 'Edit' }).click();
	await other.getByLabel('Name').fill('Summer of 2026');
	await press(other, 'Save');
	await expect(heading(other)).toHaveText('Summer of 2026');

	await members.getByLabel('Role of Bob Brook').selectOption('Viewer');
	await press(page, 'Save');
	await expect(page.getByText('Role changed', { exact: true })).toBeVisible();
	await other.reload();
	await expect(other.getByText('You are a viewer')).toBeVisible();
	await expect(other.getByRole('link', { name: 'Edit' })).toHaveCount(0);
	await other.getByRole('link', { name: 'Leave' }).click();
	await press(other, 'Leave album');
	await expect(heading(other)).toHaveText('Albums');
	await expect(other.getByText('No albums')).toBeVisible();
});

test('a change by someone else keeps a role that is chosen but not saved', async ({ seed, server, visit }) => {
	const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
	const albumId = await withSharing(server.dataDir, (sharing) =>
		sharing.makeAlbum([
			[ada.id, 'owner'],
			[bob.id, 'editor']
		])
	);
	const [page, watching, other] = [await visit(ada), await visit(ada), await visit(bob)];
	await page.goto(`/albums/${albumId}/members`);
	await watching.goto(`/albums/${albumId}/members`);
	const role = page.getByLabel('Role of Bob Brook');
	await role.selectOption('Viewer');
	await role.blur();

	await other.goto(`/albums/${albumId}/edit`);
	await other.getByLabel('Name').fill('By the sea');
	await press(other, 'Save');
	await expect(watching.getByRole('link', { name: 'By the sea' })).toBeVisible();
	await expect(role).toHaveValue('viewer');
	await press(page, 'Save');
	await expect(page.getByText('Role changed', { exact: true })).toBeVisible();
	await expect(page.getByRole('link', { name: 'By the sea' })).toBeVisible();
	await expect(role).toHaveValue('viewer');
});

test('an owner removes a member, who is shut out immediately, and deletes the album', async ({
	seed,
	server,
	visit,
	complaints
}) => {
	const [ada, bob] = [await seed.makeUser(), await seed.makeUser({ name: 'Bob Brook' })];
	const id = await withSharing(server.dataDir, (sharing) =>
		sharing.makeAlbum([
			[ada.id, 'owner'],
			[bob.id, 'viewer']
		])
	);
	const [page, other] = [await visit(ada), await visit(bob)];
	await other.goto(`/albums/${id}`);
	await page.goto(`/albums/${id}/members`);
	await press(page, 'Remove Bob Brook');
	await expect(page.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(1);
	expect((await other.request.get(`/albums/${id}`)).status()).toBe(404);
	await page.goto(`/albums/${id}`);
	await page.getByRole('link', { name: 'Delete' }).click();
	await press(page, 'Delete album');
	await expect(page.getByText('No albums')).toBeVisible();
	complaints.clear();
});

test('a photo becomes the cover, and is removed by its owner', async ({ seed, server, visit }) => {
	const ada = await seed.makeUser();
	const { id, first } = await withSharing(server.dataDir, async (sharing) => {
		const photos = [
			await sharing.makePhoto(ada.id, { originalFileName: 'first.jpg', localDateTime: new Date('2026-01-01') }),
			await sharing.makePhoto(ada.id, { originalFileName: 'second.jpg', localDateTime: new Date('2026-01-02') })
		];
		return { id: await sharing.makeAlbum([[ada.id, 'owner']], photos), first: photos[0] ?? '' };
	});
	const page = await visit(ada);
	await paintThumbnails(page);
	await page.goto(`/albums/${id}`);
	const photos = page.getByRole('list', { name: 'Photos' }).getByRole('link');
	await expect(photos).toHaveCount(2);
	await photos.first().click();
	await expect(heading(page)).toHaveText('second.jpg');
	await page.getByRole('link', { name: 'Next' }).click();
	await expect(heading(page)).toHaveText('first.jpg');
	await press(page, 'Use as cover');
	await expect(page.getByText('This is the cover now')).toBeVisible();
	await page.goto('/albums');
	await expect(page.getByRole('list', { name: 'Albums' }).locator('img')).toHaveAttribute(
		'src',
		`/api/assets/${first}/thumbnail?size=thumbnail`
	);
	await page.goto(`/albums/${id}/${first}`);
	await press(page, 'Remove from the album');
	await expect(heading(page)).toHaveText('Untitled Album');
	await expect(photos).toHaveCount(1);
});

test('without JavaScript albums are shared and commented on too', async ({ seed, visit }) => {
	const [ada, bob] = [await seed.makeUser(), await seed.makeUser({ name: 'Bob Brook' })];
	const page = await visit(ada, { javaScriptEnabled: false });
	await page.goto('/albums/new');
	await page.getByLabel('Name').fill('Summer');
	await press(page, 'Create album');
	await page.getByLabel('Comment', { exact: true }).fill('What a day');
	await press(page, 'Comment');
	await expect(page.getByRole('list', { name: 'Comments' })).toContainText('What a day');
	await press(page, 'Like');
	await expect(page.getByRole('button', { name: 'Liked' })).toBeVisible();
	await page.getByRole('link', { name: 'Share', exact: true }).click();
	await page.getByLabel('Find a user').fill(bob.email);
	await press(page, 'Search');
	await press(page, 'Add: Bob Brook');
	await expect(page.getByRole('list', { name: 'Members' }).getByRole('listitem')).toHaveCount(2);
});

test('the pages of an album pass the page checks', async ({ seed, server, visit }) => {
	const [ada, bob] = [await seed.makeUser({ name: 'Ada Stone' }), await seed.makeUser({ name: 'Bob Brook' })];
	const { id, photo } = await withSharing(server.dataDir, async (sharing) => {
		const photos: string[] = [];
		for (const owner of [ada, bob, ada, bob])
			photos.push(await sharing.makePhoto(owner.id, { originalFileName: 'a long name of a photo.jpg' }));
		const album = await sharing.makeAlbum(
			[
				[ada.id, 'owner'],
				[bob.id, 'editor']
			],
			photos
		);
		return { id: album, photo: photos[0] ?? '' };
	});
	const page = await visit(ada);
	await paintThumbnails(page);
	await page.goto(`/albums/${id}`);
	await page.getByLabel('Comment', { exact: true }).fill('What a day');
	await press(page, 'Comment');
	await expect(page.getByRole('list', { name: 'Comments' })).toContainText('What a day');
	const paths = ['', `/${photo}`, '/members?search=brook', '/members?search=person', '/edit', '/delete', '/leave'];
	for (const path of paths) {
		await page.goto(`/albums/${id}${path}`);
		await examine(page);
	}
	for (const path of ['/albums', '/albums?show=shared', '/albums/new']) {
		await page.goto(path);
		await examine(page);
	}
});
