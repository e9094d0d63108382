import type { Page } from 'playwright/test';
import { Contexts } from '../support/contexts.ts';
import { expect, test } from '../support/test.ts';

test('a reused context is as good as new', async ({ browser, server }) => {
	const contexts = new Contexts(browser);
	const complaints = { first: new Set<string>(), second: new Set<string>() };
	const take = (of: Set<string>) => contexts.take('one file', { baseURL: server.url }, {}, of);
	const context = await take(complaints.first);
	const [page] = context.pages();
	if (!page) throw new Error('no page');
	await page.goto('/auth/login');
	await page.evaluate(() => {
		localStorage.setItem('left', 'behind');
		sessionStorage.setItem('left', 'behind');
		console.error('the first complaint');
		window.addEventListener('beforeunload', (event) => event.preventDefault());
	});
	await page.getByLabel('Email').fill('ada@example.test');
	await context.addCookies([{ name: 'left', value: 'behind', url: server.url }]);
	await context.grantPermissions(['clipboard-read'], { origin: server.url });
	await context.newPage();
	await context.route('**/auth/login', (route) => route.abort());
	await page.route('**/auth/register', (route) => route.abort());
	await page.setViewportSize({ width: 320, height: 640 });
	await page.emulateMedia({ colorScheme: 'dark' });
	const heard: string[] = [];
	page.on('dialog', (dialog) => {
		heard.push(dialog.type());
		void dialog.dismiss();
	});
	for (const owner of [page, context]) owner.on('request', (request) => heard.push(request.url()));
	await context.setOffline(true);
	await contexts.giveBack(context);

	expect(await take(complaints.second)).toBe(context);
	expect(context.pages()).toEqual([page]);
	expect(await context.cookies()).toEqual([]);
	expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
	await page.goto('/auth/register');
	await page.goto('/auth/login');
	const found = await page.evaluate(async () => ({
		clipboard: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state,
		width: innerWidth,
		isDark: matchMedia('(prefers-color-scheme: dark)').matches
	}));
	expect(found).toEqual({ clipboard: 'prompt', width: 1280, isDark: false });
	expect(heard).toEqual([]);
	await page.evaluate(() => console.error('the second complaint'));
	await expect.poll(() => complaints.second.size).toBe(1);
	expect([...complaints.first].join()).toContain('the first complaint');
	expect([...complaints.first].join()).not.toContain('the second complaint');
	await contexts.giveBack(context);
	await contexts.close();
});

test('no page sees its cookies disappear', async ({ browser, server }) => {
	const contexts = new Contexts(browser);
	const complaints = new Set<string>();
	const context = await contexts.take('one file', { baseURL: server.url }, {}, complaints);
	const [page] = context.pages();
	if (!page) throw new Error('no page');
	await context.addCookies([{ name: 'kept', value: 'here', url: server.url }]);
	await page.goto('/auth/login');
	await page.evaluate(() => {
		setInterval(() => {
			if (!document.cookie.includes('kept')) console.error('The cookie is gone');
		}, 1);
	});
	await contexts.giveBack(context);
	expect(await context.cookies()).toEqual([]);
	expect([...complaints]).toEqual([]);
	await contexts.close();
});

test('a context is not reused after irreversible changes, with other options, or by another file', async ({
	browser,
	server
}) => {
	const contexts = new Contexts(browser);
	const options = { baseURL: server.url };
	const take = (file = 'one file', more = {}) => contexts.take(file, { ...options, ...more }, {}, new Set());
	const lasting = [
		(page: Page) => page.addInitScript(() => undefined),
		(page: Page) => page.context().addInitScript(() => undefined),
		(page: Page) => page.exposeFunction('ours', () => undefined),
		(page: Page) => page.routeWebSocket('**/none', () => undefined),
		(page: Page) => page.clock.install()
	];
	async function takePage() {
		const [page] = (await take()).pages();
		if (!page) throw new Error('no page');
		return page;
	}
	for (const act of lasting) {
		const page = await takePage();
		await act(page);
		await contexts.giveBack(page.context());
		expect(page.isClosed(), String(act)).toBe(true);
	}
	const plain = await take();
	await contexts.giveBack(plain);
	const touched = await take('one file', { hasTouch: true });
	expect(touched).not.toBe(plain);
	await contexts.giveBack(touched);
	const elsewhere = await take('another file');
	expect(elsewhere).not.toBe(plain);
	expect(plain.pages()).toEqual([]);
	await contexts.giveBack(elsewhere);
	await contexts.close();
});

test('navigation waits until the page’s script has started', async ({ page, context }) => {
	for (const each of [page, await context.newPage()]) {
		// The script arrives only after the page’s load event.
		await each.route('**/_auth/immutable/**/*.js', async (route) => {
			await each.waitForLoadState('load');
			await route.continue();
		});
		const hasStarted = () => each.evaluate(() => 'started' in document.documentElement.dataset);
		expect((await each.goto('/auth/login'))?.status()).toBe(200);
		expect(await hasStarted()).toBe(true);
		await each.reload();
		expect(await hasStarted()).toBe(true);
		// It never arrives here.
		await each.route('**/_auth/immutable/**/*.js', () => undefined);
		await each.goto('/auth/register', { waitUntil: 'commit' });
		await each.getByRole('heading').first().waitFor();
		expect(await hasStarted()).toBe(false);
	}
});
