import { gzipSync } from 'node:zlib';
import { chromium, type BrowserContext } from 'playwright';
import { z } from 'zod';
import { browserOptions } from '#tests/e2e/support/browser.ts';
import { startFreshServer } from '#tests/support/server.ts';
import type { Figure } from './targets.ts';

const Login = z.object({ accessToken: z.string() });
const limitKilobytes = 130;
const admin = { email: 'admin@example.test', password: 'correct horse battery', name: 'Ada' };

/** Sums the gzipped size of the scripts that a browser loads for a page's first view. */
async function scriptKilobytes(context: BrowserContext, url: string): Promise<number> {
	const page = await context.newPage();
	const sizes: Promise<number>[] = [];
	page.on('response', (response) => {
		if (response.request().resourceType() === 'script')
			sizes.push(response.body().then((body) => gzipSync(body).length));
	});
	await page.goto(url, { waitUntil: 'networkidle' });
	const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
	await page.close();
	return bytes / 1_000;
}

/** Measures the first-load JavaScript of the pages that users see first. */
export async function measureBundles(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const browser = await chromium.launch(browserOptions().launchOptions);
	try {
		const headers = { 'content-type': 'application/json' };
		const post = (path: string) => fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(admin) });
		await post('/api/auth/admin-sign-up');
		const { accessToken } = Login.parse(await (await post('/api/auth/login')).json());
		const [nobody, signedIn] = [await browser.newContext(), await browser.newContext()];
		await signedIn.addCookies([{ name: 'immich_access_token', value: accessToken, url: server.url }]);
		const pages = [
			{ what: 'Sign-in page', kilobytes: await scriptKilobytes(nobody, `${server.url}/auth/login`) },
			{ what: 'Users page', kilobytes: await scriptKilobytes(signedIn, `${server.url}/admin/users`) }
		];
		return pages.map(({ what, kilobytes }) => ({
			what: `${what}: first-load JavaScript, gzip`,
			measured: `${kilobytes.toFixed(1)} kB`,
			against: '161 kB of PocketBase’s console',
			ratio: (kilobytes / 161).toFixed(2),
			aim: `≤ ${String(limitKilobytes)} kB`
		}));
	} finally {
		await browser.close();
		await server.stop();
	}
}
